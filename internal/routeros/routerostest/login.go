package routerostest

import (
	"crypto/md5"
	"crypto/rand"
	"crypto/subtle"
	"encoding/hex"
)

// login carries out /login (routeros-api.md §2). From 6.43 on it takes name and password as they are. Before, and
// beside that up to 6.45, the router sends a challenge to whoever brings no response, also to a client that has already
// given the password away.
func (s *session) login(ask sentence) error {
	r := s.router
	r.mu.Lock()
	v, delay := r.world.version, r.config.latency
	name, _ := ask.arg("name")
	user, known := r.config.users[name]
	closes := r.config.quirks.closeFailedLogin
	r.mu.Unlock()
	if !s.sleep(s.ctx, delay) {
		return errQuit
	}

	plain := v.atLeast(6, 43)
	challenges := v.less(version{6, 45, 1})
	password, hasPassword := ask.arg("password")
	response, hasResponse := ask.arg("response")
	var ok bool
	switch {
	case challenges && hasResponse:
		ok = s.challenge != nil && same(response, challengeAnswer(s.challenge, user.password))
		s.challenge = nil
	case plain && hasPassword:
		ok = same(password, user.password)
	case challenges:
		s.challenge = make([]byte, 16)
		_, _ = rand.Read(s.challenge)
		return s.reply(ask.tag, reply{ret: new(hex.EncodeToString(s.challenge))}, nil, false)
	}
	// A user without the policy `api` is believed to hear the same as one with a wrong password.
	if ok && known && user.may("api") {
		r.mu.Lock()
		s.account = &user
		r.stats.Logins++
		r.publish()
		r.mu.Unlock()
		return s.reply(ask.tag, reply{}, nil, false)
	}
	refusal := "invalid user name or password (6)"
	if !plain {
		refusal = "cannot log in"
	}
	if err := s.reply(ask.tag, reply{}, &Trap{noCategory, refusal}, false); err != nil {
		return err
	}
	if closes {
		return errQuit
	}
	return nil
}

// challengeAnswer is what a client sends to show that it knows the password.
func challengeAnswer(challenge []byte, password string) string {
	sum := md5.Sum(append(append([]byte{0}, password...), challenge...))
	return "00" + hex.EncodeToString(sum[:])
}

func same(a, b string) bool { return subtle.ConstantTimeCompare([]byte(a), []byte(b)) == 1 }
