const axios = require('axios');
// API Configuration
const API_URL = 'https://your-domain.com/api';
const API_KEY = 'your_api_key_here';
const client = axios.create({
baseURL: API_URL,
headers: {
'X-API-Key': API_KEY,
'Content-Type': 'application/json'
}
});
// Send single message
async function sendMessage(number, message, mediaUrl = null, mediaType = null) {
const data = { number, message };
if (mediaUrl) {
data.mediaUrl = mediaUrl;
data.mediaType = mediaType;
}
const response = await client.post('/send', data);
return response.data;
}
// Send bulk messages
async function sendBulkMessages(messages) {
const response = await client.post('/send-bulk', { messages });
return response.data;
}
// Get queue status
async function getQueueStatus() {
const response = await client.get('/queue');
return response.data;
}
// Get message history
async function getHistory(startDate, endDate) {
const response = await client.get('/history', {
params: { startDate, endDate }
});
return response.data;
}
// Example usage
(async () => {
try {
// Single message
const result = await sendMessage(
'923001234567',
'Hello! Your order has been shipped.'
);
console.log('Single:', result);
// With attachment
const mediaResult = await sendMessage(
'923001234567',
'Here is your invoice',
'https://example.com/invoice.pdf',
'document'
);
console.log('With Media:', mediaResult);
// Bulk messages
const bulkResult = await sendBulkMessages([
{ number: '923001234567', message: 'Hello User 1' },
{ number: '923009876543', message: 'Hello User 2' }
]);
console.log('Bulk:', bulkResult);
} catch (error) {
console.error('Error:', error.response?.data || error.message);
}
})();
