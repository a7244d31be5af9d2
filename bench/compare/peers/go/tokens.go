package main

import (
	"crypto/rand"
	"log"
	"strconv"
	"time"

	"github.com/golang-jwt/jwt"
)

const tokenLife = 2 * time.Hour

type tokenIssuer struct {
	key   []byte
	appid string
}

type sessionClaims struct {
	SessionID string `json:"sid"`
	OpenID    string `json:"openid,omitempty"`
	jwt.StandardClaims
}

func newTokenIssuer(appid string) *tokenIssuer {
	key := make([]byte, 32)
	if _, err := rand.Read(key); err != nil {
		log.Fatal(err)
	}
	return &tokenIssuer{key, appid}
}

func (t *tokenIssuer) issue(made *login, now time.Time) (string, error) {
	claims := sessionClaims{
		SessionID: strconv.FormatInt(made.session, 10),
		StandardClaims: jwt.StandardClaims{
			Issuer: "peer", Audience: t.appid, Subject: strconv.FormatInt(made.user, 10),
			IssuedAt: now.Unix(), ExpiresAt: now.Add(tokenLife).Unix(),
		},
	}
	return jwt.NewWithClaims(jwt.SigningMethodHS256, claims).SignedString(t.key)
}
