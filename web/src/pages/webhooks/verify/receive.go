package main

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"io"
	"log"
	"net/http"
	"os"
)

var secret = []byte(os.Getenv("WEBHOOK_SECRET")) // whsec_…, the whole text

func receive(w http.ResponseWriter, r *http.Request) {
	// The signature is made over the bytes as they came.
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, 128<<10))
	if err != nil {
		http.Error(w, "cannot read the body", http.StatusBadRequest)
		return
	}
	mac := hmac.New(sha256.New, secret)
	mac.Write(body)
	given, err := hex.DecodeString(r.Header.Get("Bookingshake-Signature"))
	if err != nil || !hmac.Equal(mac.Sum(nil), given) {
		w.WriteHeader(http.StatusUnauthorized)
		return
	}
	w.WriteHeader(http.StatusNoContent)
	var event struct {
		Event string
		Data  struct{ ID string }
	}
	if err := json.Unmarshal(body, &event); err != nil {
		log.Print(err)
		return
	}
	// The same delivery may come twice: remember its Idempotency-Key.
	log.Print(r.Header.Get("Idempotency-Key"), " ", event.Event, " ", event.Data.ID)
}

func main() {
	http.HandleFunc("POST /webhooks/bookingshake", receive)
	log.Fatal(http.ListenAndServe(":3000", nil))
}
