// Package kubetest runs a real etcd, kube-apiserver and MetalLB as plain processes, in the manner of
// net/http/httptest: no container, no image, no kubelet. The programs are built once from Go modules by
// internal/tools and kept in the user's cache.
//
// InstallMetalLB does all that `helm install` would and takes the release and the BGP mode. Its steps, InstallCRDs and
// InstallWebhooks, can be had one by one, and undone by UninstallMetalLB and RemoveCRDs. UserKubeconfig gives what a
// user with few rights has.
//
// A node, its speaker and the servers of Services (ServedBy) may be In a network namespace of its own, on whose cables
// the speaker meets its peers. Otherwise all is in the program's own.
//
// An API server alone (Start, InstallCRDs) needs nothing special: it listens on loopback. MetalLB listens on all
// addresses and dials its BGP peers as soon as they are configured, so it runs only inside a network namespace that
// has nothing but a loopback interface. A program enters one by calling Isolate first thing in main, a test by
//
//	func TestMain(m *testing.M) { kubetest.Main(m, "192.168.5.1/32") }
package kubetest
