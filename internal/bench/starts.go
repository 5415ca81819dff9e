package main

import (
	"context"
	"errors"
	"fmt"
	"os/exec"
	"time"

	"github.com/hashicorp/go-hclog"
	"github.com/hashicorp/go-plugin"
	"google.golang.org/grpc"
)

// start is how long after its start, in milliseconds, a provider had done what.
type start struct {
	handshake float64 // it listened
	schema    float64 // it had given its schema
	bytes     int     // of the schema
}

// starts measures how long each provider takes from its start to its first answer, which is its schema: the CLI asks that
// first, of each of the processes that it starts in one command.
func starts(b *bench) (section, error) {
	s := section{title: "From the start of the provider to its first answer"}
	measured := map[string][]start{}
	if b.wants("start") {
		for range b.starts {
			for _, subject := range b.subjects {
				if subject.program == "" {
					continue
				}
				one, err := subject.start(b.ctx)
				if err != nil {
					return s, fmt.Errorf("starting %s: %w", subject.program, err)
				}
				measured[subject.name] = append(measured[subject.name], one)
			}
		}
		s.text = fmt.Sprintf("Each provider is started %d times in the way of the CLI, and asked for its schema. These are medians, in "+
			"milliseconds after the start.", b.starts)
		t := table{header: []string{"", "Handshake ms", "Schema ms", "kB of the schema"}}
		for _, subject := range b.subjects {
			if all := measured[subject.name]; all != nil {
				t.rows = append(t.rows, []string{
					subject.name, figure(medianOf(all, handshake), "%.0f"), figure(medianOf(all, schema), "%.0f"),
					fmt.Sprintf("%.0f", float64(all[0].bytes)/1e3),
				})
			}
		}
		s.tables = []table{t}
	}
	s.targets = []target{limit("start", "start of the provider to its first answer", medianOf(measured[ours], schema), "%.0f ms", 100, false)}
	return s, nil
}

func handshake(s start) float64 { return s.handshake }
func schema(s start) float64    { return s.schema }

func medianOf(all []start, of func(start) float64) float64 {
	var figures []float64
	for _, s := range all {
		figures = append(figures, of(s))
	}
	return median(figures)
}

// start starts the provider, asks for its schema, and ends it.
func (s *subject) start(ctx context.Context) (measured start, err error) {
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	client := plugin.NewClient(&plugin.ClientConfig{
		// What every provider wants to see, lest it be started by hand.
		HandshakeConfig: plugin.HandshakeConfig{
			MagicCookieKey: "TF_PLUGIN_MAGIC_COOKIE", MagicCookieValue: "d602bf8f470bc67ca7faa0386276bbdd4330efaf76d1a219cb4d6991ca9872b2",
		},
		VersionedPlugins: map[int]plugin.PluginSet{s.protocol: {"provider": connection{}}},
		Cmd:              exec.CommandContext(ctx, s.program),
		AllowedProtocols: []plugin.Protocol{plugin.ProtocolGRPC},
		AutoMTLS:         true,
		Logger:           hclog.NewNullLogger(),
	})
	defer client.Kill()
	begun := time.Now()
	if _, err := client.Start(); err != nil {
		return measured, err
	}
	measured.handshake = milliseconds(begun)
	protocol, err := client.Client()
	if err != nil {
		return measured, err
	}
	dispensed, err := protocol.Dispense("provider")
	if err != nil {
		return measured, err
	}
	conn, is := dispensed.(*grpc.ClientConn)
	if !is {
		return measured, errors.New("go-plugin gave no connection")
	}
	method := map[int]string{5: "/tfplugin5.Provider/GetSchema", 6: "/tfplugin6.Provider/GetProviderSchema"}[s.protocol]
	var answer []byte
	if err := conn.Invoke(ctx, method, &[]byte{}, &answer, grpc.ForceCodec(raw{})); err != nil {
		return measured, err
	}
	measured.schema, measured.bytes = milliseconds(begun), len(answer)
	return measured, nil
}

func milliseconds(since time.Time) float64 { return float64(time.Since(since).Microseconds()) / 1e3 }

// connection is a plugin of which only the connection is wanted.
type connection struct{ plugin.NetRPCUnsupportedPlugin }

func (connection) GRPCServer(*plugin.GRPCBroker, *grpc.Server) error {
	return errors.New("the benchmark serves no provider")
}

func (connection) GRPCClient(_ context.Context, _ *plugin.GRPCBroker, conn *grpc.ClientConn) (any, error) {
	return conn, nil
}

// raw leaves messages as the bytes that they are: what the CLI makes of a schema is not the provider's time.
type raw struct{}

func (raw) Name() string { return "proto" }

func (raw) Marshal(v any) ([]byte, error) {
	if b, is := v.(*[]byte); is {
		return *b, nil
	}
	return nil, fmt.Errorf("%T is not raw", v)
}

func (raw) Unmarshal(data []byte, v any) error {
	b, is := v.(*[]byte)
	if !is {
		return fmt.Errorf("%T is not raw", v)
	}
	*b = append([]byte(nil), data...) // gRPC takes its buffer back
	return nil
}
