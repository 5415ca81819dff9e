package acceptance

import (
	"encoding/xml"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
)

// bucket is as much of an S3-compatible store as a state with a lock file needs: objects, lists of them, and writes on
// the condition that there is no such object yet. Who has the access key viewer may write locks only.
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

// change puts an object behind the back of whoever uses the store, or removes it where the text is "".
func (b *bucket) change(path, text string) {
	b.mutex.Lock()
	defer b.mutex.Unlock()
	if text == "" {
		delete(b.objects, path)
		return
	}
	b.objects[path] = text
}

// all gives every object.
func (b *bucket) all() map[string]string {
	b.mutex.Lock()
	defer b.mutex.Unlock()
	return maps.Clone(b.objects)
}

// ServeHTTP implements [http.Handler]. Requests are served one after the other, so that a condition still holds when its
// object is written.
func (b *bucket) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	written, err := io.ReadAll(r.Body)
	if err != nil || strings.Contains(r.Header.Get("Content-Encoding"), "aws-chunked") {
		refuse(w, http.StatusBadRequest, "InvalidRequest")
		return
	}
	b.mutex.Lock()
	defer b.mutex.Unlock()
	text, found := b.objects[r.URL.Path]
	looks := strings.Contains(r.Header.Get("Authorization"), "Credential=viewer/") && !strings.HasSuffix(r.URL.Path, ".tflock")
	switch {
	case looks && r.Method != http.MethodGet && r.Method != http.MethodHead:
		refuse(w, http.StatusForbidden, "AccessDenied")
	case r.URL.Query().Has("list-type"):
		b.list(w, strings.TrimSuffix(r.URL.Path, "/")+"/", r.URL.Query().Get("prefix"))
	case r.Method == http.MethodPut && found && r.Header.Get("If-None-Match") == "*":
		refuse(w, http.StatusPreconditionFailed, "PreconditionFailed")
	case r.Method == http.MethodPut:
		b.objects[r.URL.Path] = string(written)
	case r.Method == http.MethodDelete:
		delete(b.objects, r.URL.Path)
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
	for path := range b.objects {
		if key, ok := strings.CutPrefix(path, root); ok && strings.HasPrefix(key, prefix) {
			answer.Contents = append(answer.Contents, object{key})
		}
	}
	_ = xml.NewEncoder(w).Encode(answer)
}

func refuse(w http.ResponseWriter, status int, code string) {
	w.WriteHeader(status)
	_, _ = fmt.Fprintf(w, "<Error><Code>%s</Code></Error>", code)
}
