# gem install sinatra rackup puma
require "json"
require "openssl"
require "sinatra"

SECRET = ENV.fetch("WEBHOOK_SECRET") # whsec_…, the whole text

post "/webhooks/bookingshake" do
  # The signature is made over the bytes as they came.
  body = request.body.read
  expected = OpenSSL::HMAC.hexdigest("SHA256", SECRET, body)
  given = request.env["HTTP_BOOKINGSHAKE_SIGNATURE"].to_s
  halt 401 unless Rack::Utils.secure_compare(expected, given)

  event = JSON.parse(body)
  # The same delivery may come twice: remember its Idempotency-Key.
  logger.info [request.env["HTTP_IDEMPOTENCY_KEY"], event["event"], event["data"]["id"]].join(" ")
  204
end
