package kube

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	discovery "k8s.io/client-go/discovery/fake"
	"k8s.io/client-go/dynamic/fake"
	clienttesting "k8s.io/client-go/testing"
	"k8s.io/client-go/tools/clientcmd"
	"k8s.io/client-go/tools/clientcmd/api"
)

// kubeconfig writes a file with one context of that name, which is current or not.
func kubeconfig(t *testing.T, dir, name string, current bool) string {
	t.Helper()
	config := api.NewConfig()
	config.Clusters[name] = &api.Cluster{Server: "https://" + name + ".example:6443"}
	config.AuthInfos[name] = &api.AuthInfo{Token: "token of " + name}
	config.Contexts[name] = &api.Context{Cluster: name, AuthInfo: name}
	if current {
		config.CurrentContext = name
	}
	path := filepath.Join(dir, name)
	if err := clientcmd.WriteToFile(*config, path); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestConfig(t *testing.T) {
	home := t.TempDir()
	t.Setenv("HOME", home)
	t.Setenv("KUBECONFIG", kubeconfig(t, home, "environment", true))
	t.Setenv("KUBERNETES_SERVICE_HOST", "10.96.0.1")
	t.Setenv("KUBERNETES_SERVICE_PORT", "443")
	if err := os.Mkdir(filepath.Join(home, ".kube"), 0o700); err != nil {
		t.Fatal(err)
	}
	kubeconfig(t, filepath.Join(home, ".kube"), "config", true)
	blue, red := kubeconfig(t, home, "blue", true), kubeconfig(t, home, "red", false)
	broken := filepath.Join(home, "broken")
	if err := os.WriteFile(broken, []byte("{"), 0o600); err != nil {
		t.Fatal(err)
	}

	const nothing = "-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----\n"
	for _, tt := range []struct {
		config            Config
		name, host, token string
		wrong             string // part of the error
	}{
		{config: Config{}, wrong: "neither a kubeconfig file nor a host"},
		{config: Config{ConfigPaths: []string{blue}}, name: "blue", host: "https://blue.example:6443", token: "token of blue"},
		{config: Config{ConfigPaths: []string{"~/blue"}}, name: "blue", host: "https://blue.example:6443", token: "token of blue"},
		{config: Config{ConfigPaths: []string{red}}, wrong: "no current context"},
		{config: Config{ConfigPaths: []string{red}, ConfigContext: "red"}, name: "red", host: "https://red.example:6443", token: "token of red"},
		{
			config: Config{ConfigPaths: []string{red, blue}, ConfigContext: "red", Token: "mine"},
			name:   "red", host: "https://red.example:6443", token: "mine",
		},
		{config: Config{ConfigPaths: []string{blue}, ConfigContext: "green"}, wrong: `context "green" is not in ` + blue},
		{config: Config{ConfigPaths: []string{filepath.Join(home, "none")}}, wrong: "no such file"},
		{config: Config{ConfigPaths: []string{broken}}, wrong: "kubeconfig"},
		{config: Config{Host: "10.0.0.1:6443", Token: "mine"}, name: "10.0.0.1:6443", host: "https://10.0.0.1:6443", token: "mine"},
		{config: Config{Host: "https://api", ConfigContext: "blue"}, wrong: `context "blue" is not in`},
		{config: Config{Host: "https://api", ConfigPaths: []string{blue}}, name: "https://api", host: "https://api", token: "token of blue"},
		{config: Config{Host: "https://api", ClientCertificate: nothing}, wrong: "cluster https://api"},
		{config: Config{Host: "https://api", ClusterCACertificate: nothing, Token: "t"}, wrong: "certificate"},
		{config: Config{Host: "https://api", ClusterCACertificate: "LS0tLS1CRUdJTg=="}, wrong: "the cluster's CA certificate is no PEM text"},
		{config: Config{Host: "https://api", ClientCertificate: "x"}, wrong: "the client certificate is no PEM text"},
		{config: Config{Host: "https://api", ClientCertificate: nothing, ClientKey: "x"}, wrong: "the client key is no PEM text"},
	} {
		if _, err := New(tt.config); tt.wrong != "" {
			if err == nil || !strings.Contains(err.Error(), tt.wrong) {
				t.Errorf("%+v: %v, want %q", tt.config, err, tt.wrong)
			}
			continue
		} else if err != nil {
			t.Errorf("%+v: %v", tt.config, err)
			continue
		}
		settings, name, err := tt.config.rest()
		if err != nil || name != tt.name || settings.Host != tt.host || settings.BearerToken != tt.token {
			t.Errorf("%+v: %v, %s, %v", tt.config, err, name, settings)
		}
	}
}

func TestExec(t *testing.T) {
	settings, _, err := Config{Host: "https://api", Insecure: true, TLSServerName: "name", ProxyURL: "http://proxy:3128", Exec: &Exec{
		APIVersion: "client.authentication.k8s.io/v1", Command: "login", Args: []string{"now"}, Env: map[string]string{"A": "b"},
	}}.rest()
	if err != nil {
		t.Fatal(err)
	}
	exec := settings.ExecProvider
	if exec == nil || exec.Command != "login" || exec.Args[0] != "now" || exec.Env[0].Value != "b" || exec.InteractiveMode != api.NeverExecInteractiveMode {
		t.Errorf("%v", exec)
	}
	if settings.Proxy == nil || settings.ServerName != "name" || !settings.Insecure {
		t.Errorf("%v", settings)
	}
}

func TestServesRemembersOnlyYes(t *testing.T) {
	client := fake.NewSimpleDynamicClient(runtime.NewScheme())
	resources := &discovery.FakeDiscovery{Fake: &client.Fake}
	cluster := NewFor("test", client, resources)
	pools := schema.GroupVersionResource{Group: "metallb.io", Version: "v1beta1", Resource: "ipaddresspools"}
	want := func(want bool) {
		t.Helper()
		if got, err := cluster.Serves(t.Context(), pools); err != nil || got != want {
			t.Fatalf("%v, %v, want %v", got, err, want)
		}
	}
	want(false)
	resources.Resources = []*metav1.APIResourceList{{GroupVersion: "metallb.io/v1beta1", APIResources: []metav1.APIResource{{Name: "addresspools"}}}}
	want(false) // the operator of OpenShift 4.8 has the group, but not the resource
	resources.Resources[0].APIResources = append(resources.Resources[0].APIResources, metav1.APIResource{Name: "ipaddresspools"})
	want(true)
	asked := len(client.Actions())
	resources.Resources = nil
	want(true)
	if len(client.Actions()) != asked {
		t.Error("asked again")
	}
}

// TestServesTogether: those who ask while one asks get his answer, also if he does not wait for it.
func TestServesTogether(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		client := fake.NewSimpleDynamicClient(runtime.NewScheme())
		asked := 0
		client.PrependReactor("get", "resource", func(clienttesting.Action) (bool, runtime.Object, error) {
			asked++
			time.Sleep(time.Minute)
			return false, nil, nil
		})
		resources := &discovery.FakeDiscovery{Fake: &client.Fake}
		resources.Resources = []*metav1.APIResourceList{{GroupVersion: "metallb.io/v1beta1", APIResources: []metav1.APIResource{{Name: "ipaddresspools"}}}}
		cluster := NewFor("test", client, resources)
		pools := schema.GroupVersionResource{Group: "metallb.io", Version: "v1beta1", Resource: "ipaddresspools"}
		var all sync.WaitGroup
		hasty, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		all.Go(func() {
			if _, err := cluster.Serves(hasty, pools); !errors.Is(err, context.DeadlineExceeded) {
				t.Errorf("the hasty one: %v", err)
			}
		})
		synctest.Wait()
		for range 9 {
			all.Go(func() {
				if served, err := cluster.Serves(t.Context(), pools); err != nil || !served {
					t.Errorf("%v, %v", served, err)
				}
			})
		}
		all.Wait()
		if asked != 1 {
			t.Errorf("asked %d times", asked)
		}
	})
}
