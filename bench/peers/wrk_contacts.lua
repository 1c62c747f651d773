-- An outside load for ./dev bench peers: wrk creates the contacts that bench_load would create, by the same API. LOAD_PATH,
-- LOAD_KEY, LOAD_BEFORE and LOAD_AFTER are the environment. The last line of the output is JSON.
local path = os.getenv("LOAD_PATH")
local before, after = os.getenv("LOAD_BEFORE") or "", os.getenv("LOAD_AFTER") or ""
local headers = {
  ["Content-Type"] = "application/json",
  ["Authorization"] = "Bearer " .. (os.getenv("LOAD_KEY") or ""),
}
local number = 0

function request()
  number = number + 1
  local body = before .. '{"first_name":"Jean-Baptiste","last_name":"Number ' .. number .. '","email":"jb.moreau.' .. number ..
    '@example.com","phone":"+33612345678","landline_phone":"+33145678901","title":"Responsable evenementiel",' ..
    '"optin_marketing":true,"address_line_1":"10 rue du Faubourg Saint-Honore",' ..
    '"address_line_2":"Batiment A, 2e etage, escalier de gauche","postal_code":"75008","city":"Paris","country":"France"}' .. after
  return wrk.format("POST", path, headers, body)
end

function done(summary, latency, requests)
  local errors = summary.errors
  io.write(string.format('{"answered":%d,"refused":%d,"broken":%d,"seconds":%.4f,"p50_ms":%.3f,"p99_ms":%.3f}\n',
    summary.requests, errors.status, errors.connect + errors.read + errors.write + errors.timeout, summary.duration / 1e6,
    latency:percentile(50) / 1000, latency:percentile(99) / 1000))
end
