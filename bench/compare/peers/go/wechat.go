package main

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"time"
)

type wechatClient struct {
	http *http.Client
	// Everything but the code, which comes last.
	exchangeURL string
}

type session struct {
	OpenID     string `json:"openid"`
	UnionID    string `json:"unionid"`
	SessionKey string `json:"session_key"`
}

type wechatError struct {
	code    int
	message string
}

func (e *wechatError) Error() string { return fmt.Sprintf("errcode %d: %s", e.code, e.message) }

func newWechatClient(base, caFile, appid, secret string) (*wechatClient, error) {
	trusted := &tls.Config{MinVersion: tls.VersionTLS12}
	if caFile != "" {
		pem, err := os.ReadFile(caFile)
		if err != nil {
			return nil, err
		}
		trusted.RootCAs = x509.NewCertPool()
		if !trusted.RootCAs.AppendCertsFromPEM(pem) {
			return nil, errors.New("no certificate in " + caFile)
		}
	}
	transport := &http.Transport{
		TLSClientConfig: trusted,
		// The default of two kept connections a host would open a new one for nearly every login.
		MaxIdleConnsPerHost: 256,
		MaxConnsPerHost:     256,
		IdleConnTimeout:     20 * time.Second,
		DisableCompression:  true,
	}
	query := url.Values{"appid": {appid}, "secret": {secret}, "grant_type": {"authorization_code"}}
	return &wechatClient{
		&http.Client{Transport: transport, Timeout: 5 * time.Second},
		base + "/sns/jscode2session?" + query.Encode() + "&js_code=",
	}, nil
}

func (c *wechatClient) exchange(ctx context.Context, code string) (*session, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, c.exchangeURL+url.QueryEscape(code), nil)
	if err != nil {
		return nil, err
	}
	response, err := c.http.Do(request)
	if err != nil {
		return nil, err
	}
	defer response.Body.Close()
	// Read to the end, or the connection cannot be kept.
	body, err := io.ReadAll(io.LimitReader(response.Body, 64<<10))
	if err != nil {
		return nil, err
	}
	if response.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("status %d", response.StatusCode)
	}
	var answer struct {
		session
		ErrCode int    `json:"errcode"`
		ErrMsg  string `json:"errmsg"`
	}
	if err := json.Unmarshal(body, &answer); err != nil {
		return nil, err
	}
	if answer.ErrCode != 0 {
		return nil, &wechatError{answer.ErrCode, answer.ErrMsg}
	}
	if answer.OpenID == "" || answer.SessionKey == "" {
		return nil, errors.New("an answer without openid or session_key")
	}
	return &answer.session, nil
}
