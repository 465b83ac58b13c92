// Using Fetch API
async function sendWhatsAppMessage() {
const data = {
number: "923001234567",
message: "Hello! Your order #12345 has been shipped."
};
// With media
const dataWithMedia = {
number: "923001234567",
message: "Here is your invoice",
mediaUrl: "https://example.com/invoice.pdf",
mediaType: "document"
};
try {
const response = await fetch('https://your-domain.com/api/send', {
method: 'POST',
headers: {
'X-API-Key': 'your_api_key_here',
'Content-Type': 'application/json'
},
body: JSON.stringify(data)
});
const result = await response.json();
console.log('Success:', result);
} catch (error) {
console.error('Error:', error);
}
}
// Bulk messages
async function sendBulkMessages() {
const data = {
messages: [
{ number: "923001234567", message: "Hello User 1" },
{ number: "923009876543", message: "Hello User 2" }
]
};
const response = await fetch('https://your-domain.com/api/send-bulk', {
method: 'POST',
headers: {
'X-API-Key': 'your_api_key_here',
'Content-Type': 'application/json'
},
body: JSON.stringify(data)
});
return response.json();
}
