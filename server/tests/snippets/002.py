import requests
import json
# API Configuration
API_URL = "https://your-domain.com/api"
API_KEY = "your_api_key_here"
headers = {
    "X-API-Key": API_KEY,
    "Content-Type": "application/json"
}
# Send single message
def send_message(number, message, media_url=None, media_type=None):
    data = {
        "number": number,
        "message": message
    }
    if media_url:
        data["mediaUrl"] = media_url
        data["mediaType"] = media_type
    response = requests.post(
        f"{API_URL}/send",
        headers=headers,
        json=data
    )
    return response.json()
# Send bulk messages
def send_bulk_messages(messages):
    data = {"messages": messages}
    response = requests.post(
        f"{API_URL}/send-bulk",
        headers=headers,
        json=data
    )
    return response.json()
# Example usage
if __name__ == "__main__":
    # Single message
    result = send_message(
        "923001234567",
        "Hello! Your order has been shipped."
    )
    print("Single:", result)
    # With attachment
    result = send_message(
        "923001234567",
        "Here is your invoice",
        media_url="https://example.com/invoice.pdf",
        media_type="document"
    )
    print("With Media:", result)
    # Bulk messages
    messages = [
        {"number": "923001234567", "message": "Hello User 1"},
        {"number": "923009876543", "message": "Hello User 2"}
    ]
    result = send_bulk_messages(messages)
    print("Bulk:", result)
