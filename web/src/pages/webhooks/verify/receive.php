<?php
$secret = getenv('WEBHOOK_SECRET'); // whsec_…, the whole text

// The signature is made over the bytes as they came.
$body = file_get_contents('php://input');
$expected = hash_hmac('sha256', $body, $secret);
$given = $_SERVER['HTTP_BOOKINGSHAKE_SIGNATURE'] ?? '';
if (!hash_equals($expected, $given)) {
    http_response_code(401);
    exit;
}

http_response_code(204);
$event = json_decode($body, true, flags: JSON_THROW_ON_ERROR);
// The same delivery may come twice: remember its Idempotency-Key.
error_log($_SERVER['HTTP_IDEMPOTENCY_KEY'] . ' ' . $event['event'] . ' ' . $event['data']['id']);
