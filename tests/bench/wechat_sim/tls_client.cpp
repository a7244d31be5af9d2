#include "tests/bench/wechat_sim/tls_client.hpp"

#include <openssl/err.h>
#include <openssl/x509v3.h>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <charconv>
#include <csignal>
#include <stdexcept>

namespace wxlogind::test {

namespace {

const char* name_of(stream_end end) noexcept {
    switch (end) {
    case stream_end::open: return "nothing";
    case stream_end::close_notify: return "close_notify";
    case stream_end::cut: return "cut";
    case stream_end::reset: return "reset";
    case stream_end::silence: return "silence";
    }
    return "";
}

void trust(SSL_CTX* context, const std::string& authority_pem) {
    BIO* const memory = BIO_new_mem_buf(authority_pem.data(), static_cast<int>(authority_pem.size()));
    X509* const authority = PEM_read_bio_X509(memory, nullptr, nullptr, nullptr);
    if (authority == nullptr) throw std::runtime_error{"the authority is not PEM"};
    X509_STORE_add_cert(SSL_CTX_get_cert_store(context), authority);
    X509_free(authority);
    BIO_free(memory);
}

int connect_to(std::string_view address) {
    const std::size_t colon = address.rfind(':');
    sockaddr_in where{};
    std::uint16_t port = 0;
    std::from_chars(address.data() + colon + 1, address.data() + address.size(), port);
    where.sin_family = AF_INET;
    where.sin_port = htons(port);
    ::inet_pton(AF_INET, std::string{address.substr(0, colon)}.c_str(), &where.sin_addr);
    const int made = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (made < 0) throw std::runtime_error{"no socket"};
    if (::connect(made, reinterpret_cast<const sockaddr*>(&where), sizeof where) != 0) {
        ::close(made);
        throw std::runtime_error{"cannot connect"};
    }
    return made;
}

} // namespace

std::string tls_reply::field(std::string_view name) const {
    const std::size_t start = head.find("\r\n" + std::string{name} + ": ");
    if (start == std::string::npos) return "";
    const std::size_t value = start + name.size() + 4;
    return head.substr(value, head.find("\r\n", value) - value);
}

tls_client::tls_client(
    std::string_view address, const std::string& authority_pem, const char* host, SSL_SESSION* resume,
    int version)
    : socket_{connect_to(address)},
      context_{SSL_CTX_new(TLS_client_method())},
      ssl_{SSL_new(context_.get())} {
    std::signal(SIGPIPE, SIG_IGN); // the peer may be gone when OpenSSL writes
    be_patient_for(std::chrono::seconds{10});
    trust(context_.get(), authority_pem);
    SSL_set_verify(ssl_.get(), SSL_VERIFY_PEER, nullptr);
    SSL_set1_host(ssl_.get(), host);
    SSL_set_tlsext_host_name(ssl_.get(), host);
    if (version != 0) SSL_set_max_proto_version(ssl_.get(), version);
    if (resume != nullptr) SSL_set_session(ssl_.get(), resume);
    SSL_set_fd(ssl_.get(), socket_);
    ERR_clear_error();
    const int returned = SSL_connect(ssl_.get());
    if (returned == 1) return;
    const long verdict = SSL_get_verify_result(ssl_.get());
    if (verdict != X509_V_OK)
        error_ = std::string{"certificate: "} + X509_verify_cert_error_string(verdict);
    else
        error_ = name_of(end_of(returned));
}

tls_client::~tls_client() {
    ssl_.reset();
    ::close(socket_);
}

void tls_client::be_patient_for(std::chrono::milliseconds at_most) {
    timeval limit{};
    limit.tv_sec = at_most.count() / 1000;
    limit.tv_usec = at_most.count() % 1000 * 1000;
    ::setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
}

void tls_client::send(std::string_view bytes) {
    if (SSL_write(ssl_.get(), bytes.data(), static_cast<int>(bytes.size())) <= 0)
        throw std::runtime_error{"cannot send"};
}

stream_end tls_client::end_of(int returned) const {
    const int saved_errno = errno;
    switch (SSL_get_error(ssl_.get(), returned)) {
    case SSL_ERROR_ZERO_RETURN: return stream_end::close_notify;
    case SSL_ERROR_WANT_READ: return stream_end::silence; // the socket's limit of time
    case SSL_ERROR_SYSCALL: return saved_errno == ECONNRESET ? stream_end::reset : stream_end::cut;
    default: return stream_end::cut;
    }
}

stream_end tls_client::read_more() {
    std::array<char, 16384> piece; // NOLINT(cppcoreguidelines-pro-type-member-init)
    ERR_clear_error();
    errno = 0;
    const int count = SSL_read(ssl_.get(), piece.data(), static_cast<int>(piece.size()));
    if (count <= 0) return end_of(count);
    buffer_.append(piece.data(), static_cast<std::size_t>(count));
    return stream_end::open;
}

tls_reply tls_client::receive() {
    tls_reply reply;
    std::size_t head_end = std::string::npos;
    while ((head_end = buffer_.find("\r\n\r\n")) == std::string::npos) {
        reply.end = read_more();
        if (reply.end != stream_end::open) return reply;
    }
    reply.head = buffer_.substr(0, head_end + 4);
    buffer_.erase(0, head_end + 4);
    const std::string length = reply.field("Content-Length");
    const std::size_t wanted = length.empty() ? std::string::npos : std::stoul(length);
    while (buffer_.size() < wanted && reply.end == stream_end::open) reply.end = read_more();
    reply.body = buffer_.substr(0, wanted);
    buffer_.erase(0, reply.body.size());
    return reply;
}

tls_reply tls_client::receive_everything() {
    tls_reply reply;
    while (reply.end == stream_end::open) reply.end = read_more();
    reply.body = std::move(buffer_);
    return reply;
}

tls_reply tls_client::get(std::string_view target) {
    send("GET " + std::string{target} + " HTTP/1.1\r\nHost: api.weixin.qq.com\r\n\r\n");
    return receive();
}

tls_reply tls_client::post(std::string_view target, std::string_view body, std::string_view content_type) {
    send(
        "POST " + std::string{target} +
        " HTTP/1.1\r\nHost: api.weixin.qq.com\r\nContent-Type: " + std::string{content_type} +
        "\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + std::string{body});
    return receive();
}

} // namespace wxlogind::test
