// Receives the tracker's webhooks with Go's standard library.
//
//	WEBHOOK_SECRET=whsec_… PORT=9000 go run examples/receive_webhooks.go
//
// Run `npm start` and `kard-audits listen --forward http://127.0.0.1:9000/` next to it. Listen prints the secret.
package main

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"os"
	"strconv"
	"strings"
	"sync"
	"time"
)

const tolerance = 5 * time.Minute
const maxBytes = 1 << 20

type event struct {
	ID   string `json:"id"`
	Type string `json:"type"`
	Data struct {
		ID          string `json:"id"`
		Sequence    int    `json:"sequence"`
		EventNumber int    `json:"eventNumber"`
		Attributes  struct {
			Status         string `json:"status"`
			ResolutionCode *int   `json:"resolutionCode"`
		} `json:"attributes"`
	} `json:"data"`
}

type receiver struct {
	key []byte
	sync.Mutex
	// Processed events. Store them durably: a webhook may arrive twice, and an older one after a newer one.
	handled map[string]bool
	latest  map[string]int
}

// verify returns an error unless the tracker has signed these bytes within the last five minutes (Standard Webhooks
// 1.0.0).
func (r *receiver) verify(headers http.Header, body []byte) error {
	id, timestamp := headers.Get("webhook-id"), headers.Get("webhook-timestamp")
	seconds, err := strconv.ParseInt(timestamp, 10, 64)
	if id == "" || err != nil {
		return errors.New("it is not signed")
	}
	if age := time.Since(time.Unix(seconds, 0)); age.Abs() > tolerance {
		return errors.New("its timestamp is too far off")
	}
	mac := hmac.New(sha256.New, r.key)
	fmt.Fprintf(mac, "%s.%s.", id, timestamp)
	mac.Write(body)
	expected := []byte("v1," + base64.StdEncoding.EncodeToString(mac.Sum(nil)))
	// During a rotation there are several signatures. One valid signature is enough.
	for _, signature := range strings.Split(headers.Get("webhook-signature"), " ") {
		if hmac.Equal([]byte(signature), expected) {
			return nil
		}
	}
	return errors.New("no signature matches")
}

func (r *receiver) handle(e event) string {
	r.Lock()
	defer r.Unlock()
	if r.handled[e.ID] {
		return e.ID + " once more"
	}
	r.handled[e.ID] = true
	number := e.Data.EventNumber
	if number == 0 { // An audit's event has a sequence instead.
		number = e.Data.Sequence
	}
	if number < r.latest[e.Data.ID] {
		return e.ID + " out of date"
	}
	r.latest[e.Data.ID] = number
	summary := []string{e.ID, e.Type, e.Data.ID, e.Data.Attributes.Status}
	if code := e.Data.Attributes.ResolutionCode; code != nil {
		summary = append(summary, strconv.Itoa(*code))
	}
	return strings.TrimSpace(strings.Join(summary, " "))
}

func (r *receiver) ServeHTTP(response http.ResponseWriter, request *http.Request) {
	// The raw bytes. Parsing and formatting them again would change what was signed.
	body, err := io.ReadAll(http.MaxBytesReader(response, request.Body, maxBytes))
	if err == nil {
		err = r.verify(request.Header, body)
	}
	if err != nil {
		fmt.Println("refused:", err)
		response.WriteHeader(http.StatusUnauthorized)
		return
	}
	var e event
	if err := json.Unmarshal(body, &e); err != nil {
		fmt.Println("not an event:", err)
		response.WriteHeader(http.StatusBadRequest)
		return
	}
	fmt.Println(r.handle(e))
	// Only 2xx confirms the delivery. Respond within 15 seconds and do longer work afterwards.
	response.WriteHeader(http.StatusNoContent)
}

func main() {
	secret := os.Getenv("WEBHOOK_SECRET")
	key, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(secret, "whsec_"))
	if err != nil || !strings.HasPrefix(secret, "whsec_") {
		log.Fatal("WEBHOOK_SECRET must be whsec_…")
	}
	port := os.Getenv("PORT")
	if port == "" {
		port = "9000"
	}
	listener, err := net.Listen("tcp", "127.0.0.1:"+port)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println("listening on", listener.Addr().(*net.TCPAddr).Port)
	log.Fatal(http.Serve(listener, &receiver{key: key, handled: map[string]bool{}, latest: map[string]int{}}))
}
