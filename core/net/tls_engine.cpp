#include "core/net/tls_engine.hpp"

#include <boost/asio/ip/address.hpp>

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include <array>
#include <new>

namespace wxlogind::net {

// OpenSSL's view of the engine: a source and a sink of bytes that never blocks.
struct engine_bio {
    static int read(BIO* bio, char* into, int size) {
        auto& self = *static_cast<tls_engine*>(BIO_get_data(bio));
        BIO_clear_retry_flags(bio);
        if (self.input_.empty()) {
            BIO_set_retry_read(bio);
            return -1;
        }
        const std::size_t count = self.input_.copy(into, static_cast<std::size_t>(size));
        self.input_.remove_prefix(count);
        return static_cast<int>(count);
    }

    static int write(BIO* bio, const char* from, int size) {
        auto& self = *static_cast<tls_engine*>(BIO_get_data(bio));
        BIO_clear_retry_flags(bio);
        try {
            self.output_.append(from, static_cast<std::size_t>(size));
        } catch (const std::bad_alloc&) { // OpenSSL's frames are no way for it
            return -1;
        }
        return size;
    }

    static long control(BIO*, int command, long, void*) { return command == BIO_CTRL_FLUSH ? 1 : 0; }

    static BIO* make(tls_engine& engine) {
        static BIO_METHOD* const method = [] {
            BIO_METHOD* const made = BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "tls_engine");
            if (made == nullptr) throw std::bad_alloc{};
            BIO_meth_set_read(made, &engine_bio::read);
            BIO_meth_set_write(made, &engine_bio::write);
            BIO_meth_set_ctrl(made, &engine_bio::control);
            return made;
        }();
        BIO* const bio = BIO_new(method);
        if (bio == nullptr) throw std::bad_alloc{};
        BIO_set_data(bio, &engine);
        BIO_set_init(bio, 1);
        return bio;
    }
};

namespace {

// The certificate has to be for `host`; false when OpenSSL could not be told so.
bool expect_host(SSL* ssl, const std::string& host) {
    boost::system::error_code not_an_address;
    const auto address = boost::asio::ip::make_address(host, not_an_address);
    if (!not_an_address) {
        X509_VERIFY_PARAM* const rules = SSL_get0_param(ssl);
        return X509_VERIFY_PARAM_set1_ip_asc(rules, address.to_string().c_str()) == 1;
    }
    SSL_set_hostflags(ssl, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
    return SSL_set1_host(ssl, host.c_str()) == 1 && SSL_set_tlsext_host_name(ssl, host.c_str()) == 1;
}

} // namespace

tls_engine::tls_engine(const tls_client_context& context, tls_session_slot& sessions, const std::string& host)
    : ssl_{SSL_new(context.native())} {
    if (ssl_ == nullptr) throw std::bad_alloc{};
    try {
        if (!expect_host(ssl_, host)) throw std::bad_alloc{};
        BIO* const bio = engine_bio::make(*this);
        SSL_set_bio(ssl_, bio, bio);
    } catch (...) {
        SSL_free(ssl_);
        throw;
    }
    SSL_set_app_data(ssl_, &sessions);
    if (SSL_SESSION* const session = sessions.get()) SSL_set_session(ssl_, session);
    SSL_set_connect_state(ssl_);
}

tls_engine::tls_engine(const tls_server_context& context) : ssl_{SSL_new(context.native())} {
    if (ssl_ == nullptr) throw std::bad_alloc{};
    try {
        BIO* const bio = engine_bio::make(*this);
        SSL_set_bio(ssl_, bio, bio);
    } catch (...) {
        SSL_free(ssl_);
        throw;
    }
    SSL_set_accept_state(ssl_);
}

tls_engine::~tls_engine() {
    // OpenSSL would hold it against the session that nobody said good-bye. Only a fault is a reason for that.
    if (!has_failed_ && SSL_is_init_finished(ssl_) == 1)
        SSL_set_shutdown(ssl_, SSL_SENT_SHUTDOWN | SSL_RECEIVED_SHUTDOWN);
    SSL_free(ssl_);
}

void tls_engine::sent(std::size_t bytes) noexcept {
    output_sent_ += bytes;
    if (output_sent_ < output_.size()) return;
    output_.clear();
    output_sent_ = 0;
}

tls_engine::step tls_engine::step_after(int result) {
    switch (SSL_get_error(ssl_, result)) {
    case SSL_ERROR_NONE: return step::done;
    case SSL_ERROR_WANT_READ: return step::want_input;
    case SSL_ERROR_ZERO_RETURN: return step::closed;
    default:
        has_failed_ = true;
        error_ = ERR_peek_last_error();
        // OpenSSL keeps a queue of errors a thread; what is left in it would be taken for the next call's.
        ERR_clear_error();
        return step::failed;
    }
}

tls_engine::step tls_engine::handshake() {
    return step_after(SSL_do_handshake(ssl_));
}

tls_engine::step tls_engine::write(std::string_view plain) {
    std::size_t written = 0;
    return step_after(SSL_write_ex(ssl_, plain.data(), plain.size(), &written));
}

tls_engine::step tls_engine::read(std::span<char> into, std::size_t& count) {
    return step_after(SSL_read_ex(ssl_, into.data(), into.size(), &count));
}

bool tls_engine::has_leftover() const noexcept {
    return !input_.empty() || SSL_has_pending(ssl_) == 1;
}

bool tls_engine::is_resumed() const noexcept {
    return SSL_session_reused(ssl_) == 1;
}

void tls_engine::say_goodbye() {
    SSL_shutdown(ssl_);
    ERR_clear_error();
}

std::string tls_engine::why() const {
    const long verdict = SSL_get_verify_result(ssl_);
    if (verdict != X509_V_OK) return X509_verify_cert_error_string(verdict);
    std::array<char, 256> text{};
    ERR_error_string_n(error_, text.data(), text.size());
    return text.data();
}

} // namespace wxlogind::net
