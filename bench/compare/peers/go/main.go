// A login server as a Go team would write it: net/http, database/sql over SQLite, a JWT. One of the peers that
// wxlogind is measured against.
//
//	peer -listen 127.0.0.1:8080 -wechat https://localhost:443 -ca ca.pem -db peer.db -synchronous FULL
package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"log"
	"net"
	"net/http"
	"os/signal"
	"syscall"
	"time"
)

type server struct {
	wechat *wechatClient
	store  *store
	tokens *tokenIssuer
}

type loginRequest struct {
	Code string `json:"code"`
}

type loginReply struct {
	ID        int64  `json:"id"`
	Token     string `json:"token"`
	TokenType string `json:"token_type"`
	ExpiresIn int    `json:"expires_in"`
	IsNew     bool   `json:"is_new"`
	OpenID    string `json:"openid"`
}

const maxBody = 16 << 10

func codeOf(r *http.Request) (string, error) {
	if r.Method == http.MethodGet {
		return r.URL.Query().Get("code"), nil
	}
	var form loginRequest
	err := json.NewDecoder(http.MaxBytesReader(nil, r.Body, maxBody)).Decode(&form)
	return form.Code, err
}

func (s *server) logIn(w http.ResponseWriter, r *http.Request) {
	code, err := codeOf(r)
	if err != nil || code == "" || len(code) > 128 {
		refuse(w, http.StatusBadRequest, "invalid_request")
		return
	}
	known, err := s.wechat.exchange(r.Context(), code)
	var rejected *wechatError
	switch {
	case errors.As(err, &rejected):
		refuse(w, http.StatusUnauthorized, "code_rejected")
		return
	case err != nil:
		log.Printf("wechat: %v", err)
		refuse(w, http.StatusServiceUnavailable, "wechat_unavailable")
		return
	}
	now := time.Now()
	login, err := s.store.recordLogin(r.Context(), known, now)
	if err != nil {
		log.Printf("store: %v", err)
		refuse(w, http.StatusServiceUnavailable, "storage_unavailable")
		return
	}
	token, err := s.tokens.issue(login, now)
	if err != nil {
		log.Printf("token: %v", err)
		refuse(w, http.StatusInternalServerError, "internal")
		return
	}
	w.Header().Set("Cache-Control", "no-store")
	reply(w, http.StatusOK, loginReply{
		ID: login.user, Token: token, TokenType: "Bearer", ExpiresIn: int(tokenLife.Seconds()),
		IsNew: login.isNew, OpenID: known.OpenID,
	})
}

func refuse(w http.ResponseWriter, status int, code string) {
	reply(w, status, map[string]string{"code": code})
}

func reply(w http.ResponseWriter, status int, body any) {
	text, err := json.Marshal(body)
	if err != nil {
		http.Error(w, "", http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_, _ = w.Write(text)
}

func main() {
	listen := flag.String("listen", "127.0.0.1:8080", "address and port")
	base := flag.String("wechat", "https://api.weixin.qq.com", "where WeChat's API is")
	ca := flag.String("ca", "", "PEM file of the authority to trust")
	appid := flag.String("appid", "wx0123456789abcdef", "")
	secret := flag.String("secret", "0123456789abcdef0123456789abcdef", "")
	database := flag.String("db", "peer.db", "SQLite file")
	synchronous := flag.String("synchronous", "FULL", "FULL or NORMAL")
	flag.Parse()

	wechat, err := newWechatClient(*base, *ca, *appid, *secret)
	if err != nil {
		log.Fatal(err)
	}
	storage, err := openStore(*database, *synchronous, *appid)
	if err != nil {
		log.Fatal(err)
	}
	defer storage.close()

	s := &server{wechat, storage, newTokenIssuer(*appid)}
	mux := http.NewServeMux()
	mux.HandleFunc("/login", s.logIn)
	mux.HandleFunc("/healthz", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusOK) })
	serve := &http.Server{Handler: mux, ReadHeaderTimeout: 5 * time.Second, IdleTimeout: time.Minute}

	ended, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM, syscall.SIGINT)
	defer stop()
	listener, err := net.Listen("tcp", *listen)
	if err != nil {
		log.Fatal(err)
	}
	go func() {
		<-ended.Done()
		limit, cancel := context.WithTimeout(context.Background(), 5*time.Second)
		defer cancel()
		_ = serve.Shutdown(limit)
	}()
	log.Printf("listening on %s", listener.Addr())
	if err := serve.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
		log.Fatal(err)
	}
}
