package main

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"net/http"
	"os"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/riverqueue/river"
)

// deliverer sends a delivery on kept-alive connections, and stores the attempt.
type deliverer struct {
	river.WorkerDefaults[delivery]
	pool   *pgxpool.Pool
	client *http.Client
	url    string
	secret []byte
}

func newDeliverer(pool *pgxpool.Pool) *deliverer {
	transport := &http.Transport{
		MaxConnsPerHost:     connectionsMax,
		MaxIdleConnsPerHost: connectionsMax,
		MaxIdleConns:        connectionsMax,
		IdleConnTimeout:     4 * time.Second,
	}
	return &deliverer{
		pool:   pool,
		client: &http.Client{Transport: transport, Timeout: requestTimeout},
		url:    os.Getenv("WEBHOOK_URL"),
		secret: []byte(os.Getenv("WEBHOOK_SECRET")),
	}
}

// attempt is what the record of a delivery says of one request.
type attempt struct {
	startedAt time.Time
	duration  time.Duration
	status    int
	signature string
	headers   http.Header
}

func (d *deliverer) send(ctx context.Context, job delivery) (*attempt, error) {
	code := hmac.New(sha256.New, d.secret)
	io.WriteString(code, job.Payload)
	sent := &attempt{startedAt: time.Now(), signature: hex.EncodeToString(code.Sum(nil))}
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, d.url, bytes.NewReader([]byte(job.Payload)))
	if err != nil {
		return nil, err
	}
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("User-Agent", "Bookingshake-Webhooks/1.0")
	request.Header.Set("Bookingshake-Signature", sent.signature)
	request.Header.Set("Idempotency-Key", job.DeliveryID)
	response, err := d.client.Do(request)
	if err != nil {
		return nil, err
	}
	defer response.Body.Close()
	if _, err := io.Copy(io.Discard, response.Body); err != nil {
		return nil, err
	}
	if response.StatusCode < 200 || response.StatusCode > 299 {
		return nil, fmt.Errorf("the endpoint answered %d", response.StatusCode)
	}
	sent.duration, sent.status, sent.headers = time.Since(sent.startedAt), response.StatusCode, response.Header
	return sent, nil
}

func (d *deliverer) Work(ctx context.Context, job *river.Job[delivery]) error {
	sent, err := d.send(ctx, job.Args)
	if err != nil {
		return err
	}
	_, err = d.pool.Exec(ctx, `INSERT INTO attempt (delivery_id, event_id, webhook_id, number, started_at, duration_ms, status, signature, headers)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
		job.Args.DeliveryID, job.Args.EventID, job.Args.WebhookID, job.Attempt, sent.startedAt,
		sent.duration.Milliseconds(), sent.status, sent.signature, string(encode(sent.headers)))
	return err
}
