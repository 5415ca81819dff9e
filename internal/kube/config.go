package kube

import (
	"encoding/pem"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"k8s.io/client-go/discovery"
	"k8s.io/client-go/dynamic"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/tools/clientcmd"
	"k8s.io/client-go/tools/clientcmd/api"
)

// Config says where a cluster is and who asks. What is set here wins over what the kubeconfig files say. Nothing is
// guessed: no ~/.kube/config, no environment, no service account of a pod.
type Config struct {
	ConfigPaths          []string // kubeconfig files, merged in this order; "~/" is the home directory
	ConfigContext        string   // context of the kubeconfig; "" is its current one
	Host                 string   // URL of the API server; without a scheme it is https
	Token                string   // bearer token
	ClusterCACertificate string   // PEM text; "" is the kubeconfig's, or the system's
	ClientCertificate    string   // PEM text, goes with ClientKey
	ClientKey            string   // PEM text
	Insecure             bool     // accept any certificate of the API server
	TLSServerName        string   // name in the API server's certificate, if not that of Host
	ProxyURL             string   // http, https or socks5
	Exec                 *Exec    // a command that prints credentials; nil for none
}

// Exec is a credential plugin of client-go. It is run when the first request needs it, never interactively.
type Exec struct {
	APIVersion string // client.authentication.k8s.io/v1 or …/v1beta1
	Command    string
	Args       []string
	Env        map[string]string // added to this process's own
}

const requestTimeout = 30 * time.Second

// New makes a Cluster. It reads the named files and dials nothing. Errors: neither Host nor ConfigPaths, a file or a
// context that does not exist, contradicting or unreadable credentials.
func New(config Config) (*Cluster, error) {
	settings, name, err := config.rest()
	if err != nil {
		return nil, err
	}
	settings.QPS = -1 // the API server has its own fairness; client-go's default of 5 a second would make plans wait
	settings.Timeout = requestTimeout
	settings.UserAgent = FieldManager
	settings.WarningHandler = rest.NoWarnings{} // it would print into the log of Terraform
	client, err := rest.HTTPClientFor(settings)
	if err != nil {
		return nil, fmt.Errorf("credentials for cluster %s: %w", name, err)
	}
	objects, err := dynamic.NewForConfigAndClient(settings, client)
	if err != nil {
		return nil, fmt.Errorf("cluster %s: %w", name, err)
	}
	resources, err := discovery.NewDiscoveryClientForConfigAndClient(settings, client)
	if err != nil {
		return nil, fmt.Errorf("cluster %s: %w", name, err)
	}
	return NewFor(name, objects, resources), nil
}

// rest gives client-go's settings, and the cluster's name for people.
func (c Config) rest() (*rest.Config, string, error) {
	if c.Host == "" && len(c.ConfigPaths) == 0 {
		return nil, "", errors.New("no cluster: neither a kubeconfig file nor a host is given")
	}
	if err := c.checkPEM(); err != nil {
		return nil, "", err
	}
	files, err := load(c.ConfigPaths)
	if err != nil {
		return nil, "", err
	}
	context := c.ConfigContext
	if context == "" {
		context = files.CurrentContext
	}
	_, known := files.Contexts[context]
	switch {
	case c.ConfigContext != "" && !known:
		return nil, "", fmt.Errorf("context %q is not in %s", context, c.files())
	case context == "" && c.Host == "":
		return nil, "", fmt.Errorf("%s has no current context: name one", c.files())
	case context != "" && !known && c.Host == "":
		return nil, "", fmt.Errorf("the current context %q is not in %s", context, c.files())
	case !known:
		files.CurrentContext = "" // a host says all there is to say
	}
	name := context
	if c.Host != "" {
		name = c.Host
	}
	settings, err := clientcmd.NewNonInteractiveClientConfig(*files, c.ConfigContext, c.overrides(), nil).ClientConfig()
	if err != nil {
		return nil, "", fmt.Errorf("cluster %s: %w", name, err)
	}
	return settings, name, nil
}

// checkPEM tells of a text that is no PEM: most often it was copied out of a kubeconfig, which has it once more encoded.
func (c Config) checkPEM() error {
	for _, given := range []struct{ what, text string }{
		{"cluster's CA certificate", c.ClusterCACertificate}, {"client certificate", c.ClientCertificate}, {"client key", c.ClientKey},
	} {
		if block, _ := pem.Decode([]byte(given.text)); block == nil && given.text != "" {
			return fmt.Errorf("the %s is no PEM text (-----BEGIN …); what a kubeconfig calls …-data is that in base64: decode it", given.what)
		}
	}
	return nil
}

func (c Config) files() string {
	if len(c.ConfigPaths) == 0 {
		return "the configuration: no kubeconfig file is given"
	}
	return strings.Join(c.ConfigPaths, ", ")
}

// load merges kubeconfig files. Clientcmd skips files that do not exist; a path somebody wrote down must exist.
func load(paths []string) (*api.Config, error) {
	expanded := make([]string, 0, len(paths))
	for _, path := range paths {
		if rest, ok := strings.CutPrefix(path, "~/"); ok {
			home, err := os.UserHomeDir()
			if err != nil {
				return nil, fmt.Errorf("kubeconfig %s: %w", path, err)
			}
			path = filepath.Join(home, rest)
		}
		if _, err := os.Stat(path); err != nil {
			return nil, fmt.Errorf("kubeconfig: %w", err)
		}
		expanded = append(expanded, path)
	}
	if len(expanded) == 0 {
		return api.NewConfig(), nil
	}
	files, err := (&clientcmd.ClientConfigLoadingRules{Precedence: expanded}).Load()
	if err != nil {
		return nil, fmt.Errorf("kubeconfig: %w", err)
	}
	return files, nil
}

func (c Config) overrides() *clientcmd.ConfigOverrides {
	host := c.Host
	if host != "" && !strings.Contains(host, "://") {
		host = "https://" + host // client-go would take http, and send the token in the clear
	}
	overrides := &clientcmd.ConfigOverrides{
		ClusterInfo: api.Cluster{
			Server:                   host,
			CertificateAuthorityData: []byte(c.ClusterCACertificate),
			InsecureSkipTLSVerify:    c.Insecure,
			TLSServerName:            c.TLSServerName,
			ProxyURL:                 c.ProxyURL,
		},
		AuthInfo: api.AuthInfo{
			Token:                 c.Token,
			ClientCertificateData: []byte(c.ClientCertificate),
			ClientKeyData:         []byte(c.ClientKey),
		},
	}
	if c.Exec != nil {
		overrides.AuthInfo.Exec = &api.ExecConfig{
			APIVersion:      c.Exec.APIVersion,
			Command:         c.Exec.Command,
			Args:            c.Exec.Args,
			InteractiveMode: api.NeverExecInteractiveMode,
		}
		for name, value := range c.Exec.Env {
			overrides.AuthInfo.Exec.Env = append(overrides.AuthInfo.Exec.Env, api.ExecEnvVar{Name: name, Value: value})
		}
	}
	return overrides
}
