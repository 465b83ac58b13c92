<?php
$curl = curl_init();
// Single message
$data = [
"number" => "923001234567",
"message" => "Hello! Your order #12345 has been shipped."
];
// With media attachment
$dataWithMedia = [
"number" => "923001234567",
"message" => "Here is your invoice",
"mediaUrl" => "https://example.com/invoice.pdf",
"mediaType" => "document"
];
// Bulk messages
$bulkData = [
"messages" => [
["number" => "923001234567", "message" => "Hello User 1"],
["number" => "923009876543", "message" => "Hello User 2"]
]
];
curl_setopt_array($curl, [
CURLOPT_URL => "https://your-domain.com/api/send",
CURLOPT_RETURNTRANSFER => true,
CURLOPT_POST => true,
CURLOPT_POSTFIELDS => json_encode($data),
CURLOPT_HTTPHEADER => [
"X-API-Key: your_api_key_here",
"Content-Type: application/json"
],
]);
$response = curl_exec($curl);
$error = curl_error($curl);
curl_close($curl);
if ($error) {
echo "Error: " . $error;
} else {
$result = json_decode($response, true);
print_r($result);
}
?>
