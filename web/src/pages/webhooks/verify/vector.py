import hashlib
import hmac

secret = "whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY="
body = '{"event":"contact.created","timestamp":1731493800000,"venue_id":"venue123","data":{"id":"contact-456","first_name":"Zoé"}}'
expected = "2ea47e3a82c6ba07a09bde5107c6ffe0df71fcd2432c84fcc1aeb550bde01104"

computed = hmac.new(secret.encode(), body.encode(), hashlib.sha256).hexdigest()
print("right" if computed == expected else f"wrong: {computed}")
