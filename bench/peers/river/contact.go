package main

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/riverqueue/river"
)

const bodyBytesMax = 1 << 20

// delivery is the job. The payload is text, because its very bytes are signed and sent.
type delivery struct {
	DeliveryID string `json:"delivery_id"`
	EventID    string `json:"event_id"`
	WebhookID  string `json:"webhook_id"`
	Payload    string `json:"payload"`
}

func (delivery) Kind() string { return "deliver" }

type event struct {
	Event         string         `json:"event"`
	Timestamp     int64          `json:"timestamp"`
	VenueID       string         `json:"venue_id"`
	VenuesGroupID *string        `json:"venues_group_id"`
	Data          map[string]any `json:"data"`
}

// contactCreator answers POST of a contact once contact, event and job are committed.
type contactCreator struct {
	pool      *pgxpool.Pool
	client    *river.Client[pgx.Tx]
	webhookID string
}

func newUUID() string {
	var b [16]byte
	rand.Read(b[:])
	b[6], b[8] = b[6]&0x0f|0x40, b[8]&0x3f|0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[0:4], b[4:6], b[6:8], b[8:10], b[10:])
}

// Validates as much as such a handler usually does.
func readContact(body []byte) (map[string]any, error) {
	var contact map[string]any
	if err := json.Unmarshal(body, &contact); err != nil {
		return nil, err
	}
	_, named := contact["last_name"].(string)
	email, _ := contact["email"].(string)
	if !named || !strings.Contains(email, "@") {
		return nil, fmt.Errorf("not a contact")
	}
	return contact, nil
}

func (c *contactCreator) store(ctx context.Context, contact map[string]any) error {
	now := time.Now().UnixMilli()
	contactID, eventID := newUUID(), newUUID()
	contact["id"], contact["created_at"] = contactID, now
	payload := string(encode(event{Event: "contact.created", Timestamp: now, VenueID: "v0", Data: contact}))
	return pgx.BeginFunc(ctx, c.pool, func(tx pgx.Tx) error {
		batch := &pgx.Batch{}
		batch.Queue("INSERT INTO contact VALUES ($1, $2)", contactID, string(encode(contact)))
		batch.Queue("INSERT INTO event (id, contact_id, payload) VALUES ($1, $2, $3)", eventID, contactID, payload)
		if err := tx.SendBatch(ctx, batch).Close(); err != nil {
			return err
		}
		_, err := c.client.InsertTx(ctx, tx, delivery{newUUID(), eventID, c.webhookID, payload},
			&river.InsertOpts{MaxAttempts: attemptsMax})
		return err
	})
}

func (c *contactCreator) ServeHTTP(response http.ResponseWriter, request *http.Request) {
	body, err := io.ReadAll(http.MaxBytesReader(response, request.Body, bodyBytesMax))
	if err != nil {
		http.Error(response, err.Error(), http.StatusBadRequest)
		return
	}
	contact, err := readContact(body)
	if err != nil {
		http.Error(response, err.Error(), http.StatusUnprocessableEntity)
		return
	}
	if err := c.store(request.Context(), contact); err != nil {
		http.Error(response, err.Error(), http.StatusInternalServerError)
		return
	}
	answer := encode(contact)
	response.Header().Set("Content-Type", "application/json")
	response.Header().Set("Content-Length", strconv.Itoa(len(answer)))
	response.WriteHeader(http.StatusCreated)
	response.Write(answer)
}
