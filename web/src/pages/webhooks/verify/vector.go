package main

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
)

const (
	secret   = "whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY="
	body     = `{"event":"contact.created","timestamp":1731493800000,"venue_id":"venue123","data":{"id":"contact-456","first_name":"Zoé"}}`
	expected = "2ea47e3a82c6ba07a09bde5107c6ffe0df71fcd2432c84fcc1aeb550bde01104"
)

func main() {
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write([]byte(body))
	computed := hex.EncodeToString(mac.Sum(nil))
	if computed == expected {
		fmt.Println("right")
	} else {
		fmt.Println("wrong:", computed)
	}
}
