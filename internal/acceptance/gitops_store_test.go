package acceptance

import (
	"encoding/xml"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
)

// bucket is as much of an S3-compatible store as a state with a lock file needs: objects, lists of them, and writes on
// the condition that there is no such object yet.
type bucket struct {
	mutex   sync.Mutex
	objects map[string]string // by path: /BUCKET/KEY
}

// startBucket gives an empty store and its URL.
func startBucket(t *testing.T) (*bucket, string) {
	t.Helper()
	b := &bucket{objects: map[string]string{}}
	server := httptest.NewServer(b)
	t.Cleanup(server.Close)
	return b, server.URL
}

// put writes an object behind the back of whoever uses the store.
func (b *bucket) put(path, text string) {
	b.mutex.Lock()
	defer b.mutex.Unlock()
	b.objects[path] = text
}

func (b *bucket) get(path string) (text string, found bool) {
	b.mutex.Lock()
	defer b.mutex.Unlock()
	text, found = b.objects[path]
	return text, found
}

func (b *bucket) remove(path string) {
	b.mutex.Lock()
	defer b.mutex.Unlock()
	delete(b.objects, path)
}

// ServeHTTP implements [http.Handler].
func (b *bucket) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	text, found := b.get(r.URL.Path)
	switch {
	case r.URL.Query().Has("list-type"):
		b.list(w, strings.TrimSuffix(r.URL.Path, "/")+"/", r.URL.Query().Get("prefix"))
	case r.Method == http.MethodPut && found && r.Header.Get("If-None-Match") == "*":
		refuse(w, http.StatusPreconditionFailed, "PreconditionFailed")
	case r.Method == http.MethodPut:
		written, err := io.ReadAll(r.Body)
		if err != nil || strings.Contains(r.Header.Get("Content-Encoding"), "aws-chunked") {
			refuse(w, http.StatusBadRequest, "InvalidRequest")
			return
		}
		b.put(r.URL.Path, string(written))
	case r.Method == http.MethodDelete:
		b.remove(r.URL.Path)
		w.WriteHeader(http.StatusNoContent)
	case !found:
		refuse(w, http.StatusNotFound, "NoSuchKey")
	default:
		w.Header().Set("Content-Length", fmt.Sprint(len(text)))
		_, _ = io.WriteString(w, text)
	}
}

func (b *bucket) list(w http.ResponseWriter, root, prefix string) {
	type object struct{ Key string }
	answer := struct {
		XMLName  xml.Name `xml:"ListBucketResult"`
		Contents []object
	}{}
	b.mutex.Lock()
	for path := range b.objects {
		if key, ok := strings.CutPrefix(path, root); ok && strings.HasPrefix(key, prefix) {
			answer.Contents = append(answer.Contents, object{key})
		}
	}
	b.mutex.Unlock()
	_ = xml.NewEncoder(w).Encode(answer)
}

func refuse(w http.ResponseWriter, status int, code string) {
	w.WriteHeader(status)
	_, _ = fmt.Fprintf(w, "<Error><Code>%s</Code></Error>", code)
}
