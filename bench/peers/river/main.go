// River's side of the comparison, as its documentation shows it: `river_peer api` stores contact, event and job in one
// transaction before it answers; `river_peer worker` sends, and stores each attempt. `river_peer migrate` makes River's
// own tables. PORT, DATABASE_URL, WEBHOOK_URL and WEBHOOK_SECRET are the environment, as the other peers have it.
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"
	"github.com/riverqueue/river/rivermigrate"
)

const (
	poolMax        = 20
	attemptsMax    = 11
	requestTimeout = 5 * time.Second
	// With River's default of 100 ms between two fetches, a queue of 100 workers does no more than a thousand jobs a second.
	workersMax        = 2000
	fetchCooldown     = 2 * time.Millisecond
	fetchPollInterval = 20 * time.Millisecond
	// As many connections to the endpoint as the other peers have.
	connectionsMax = 128
)

func openPool(ctx context.Context) (*pgxpool.Pool, error) {
	config, err := pgxpool.ParseConfig(os.Getenv("DATABASE_URL"))
	if err != nil {
		return nil, err
	}
	config.MaxConns = poolMax
	return pgxpool.NewWithConfig(ctx, config)
}

func migrate(ctx context.Context, pool *pgxpool.Pool) error {
	migrator, err := rivermigrate.New(riverpgxv5.New(pool), nil)
	if err != nil {
		return err
	}
	_, err = migrator.Migrate(ctx, rivermigrate.DirectionUp, nil)
	return err
}

func serveContacts(ctx context.Context, pool *pgxpool.Pool) error {
	client, err := river.NewClient(riverpgxv5.New(pool), &river.Config{Logger: quiet()})
	if err != nil {
		return err
	}
	creator := contactCreator{pool: pool, client: client, webhookID: newUUID()}
	server := http.Server{Addr: "127.0.0.1:" + os.Getenv("PORT"), Handler: &creator}
	go func() {
		<-ctx.Done()
		server.Close()
	}()
	if err := server.ListenAndServe(); err != http.ErrServerClosed {
		return err
	}
	return nil
}

func work(ctx context.Context, pool *pgxpool.Pool) error {
	workers := river.NewWorkers()
	river.AddWorker(workers, newDeliverer(pool))
	client, err := river.NewClient(riverpgxv5.New(pool), &river.Config{
		Logger:            quiet(),
		MaxAttempts:       attemptsMax,
		FetchCooldown:     fetchCooldown,
		FetchPollInterval: fetchPollInterval,
		Queues:            map[string]river.QueueConfig{river.QueueDefault: {MaxWorkers: workersMax}},
		Workers:           workers,
	})
	if err != nil {
		return err
	}
	if err := client.Start(ctx); err != nil {
		return err
	}
	<-client.Stopped()
	return nil
}

func quiet() *slog.Logger {
	return slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelError}))
}

func run(part string) error {
	ctx, cancel := signal.NotifyContext(context.Background(), syscall.SIGINT, syscall.SIGTERM)
	defer cancel()
	pool, err := openPool(ctx)
	if err != nil {
		return err
	}
	defer pool.Close()
	switch part {
	case "migrate":
		return migrate(ctx, pool)
	case "api":
		return serveContacts(ctx, pool)
	case "worker":
		return work(ctx, pool)
	}
	return fmt.Errorf("there is no part %q (known: migrate, api, worker)", part)
}

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "usage: river_peer migrate|api|worker")
		os.Exit(2)
	}
	if err := run(os.Args[1]); err != nil {
		fmt.Fprintln(os.Stderr, "river_peer:", err)
		os.Exit(1)
	}
}

func encode(value any) []byte {
	text, err := json.Marshal(value)
	if err != nil {
		panic(err) // only values of this program's own types come here
	}
	return text
}
