#include "core/net/tls_file_trouble.hpp"

#include "core/base/system_user.hpp"

#include <openssl/crypto.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <system_error>
#include <vector>

namespace wxlogind::net {

namespace {

// What stands in lines "-----BEGIN label-----" (RFC 7468).
std::vector<std::string_view> labels_in(std::string_view content) {
    constexpr std::string_view begin{"-----BEGIN "};
    std::vector<std::string_view> labels;
    for (std::size_t at = content.find(begin); at != content.npos; at = content.find(begin, at + 1)) {
        if (at > 0 && content[at - 1] != '\n') continue;
        const std::string_view rest = content.substr(at + begin.size());
        labels.push_back(rest.substr(0, rest.find_first_of("-\r\n")));
    }
    return labels;
}

bool is_certificate(std::string_view label) {
    return label == "CERTIFICATE" || label == "X509 CERTIFICATE" || label == "TRUSTED CERTIFICATE";
}

bool is_private_key(std::string_view label) {
    return label.ends_with("PRIVATE KEY");
}

// DER begins with a SEQUENCE, 0x30, and its length: in one byte, or in as many as the lower bits say.
bool is_long(unsigned char length) {
    return (length & 0x80) != 0;
}

bool is_binary(std::string_view content) {
    if (content.size() < 4 || content[0] != '\x30') return false;
    const auto length = static_cast<unsigned char>(content[1]);
    return is_long(length) || content.size() == 2u + length;
}

// The version 3 with which a PFX begins (RFC 7292, section 4): no certificate or key begins so.
bool is_pkcs12(std::string_view content) {
    const auto length = static_cast<unsigned char>(content[1]);
    const std::size_t header = is_long(length) ? 2u + (length & 0x7f) : 2u;
    return content.substr(std::min(header, content.size())).starts_with("\x02\x01\x03");
}

std::string damaged(std::string_view what, std::string_view reason) {
    return "the " + std::string{what} + " in it is damaged (" + std::string{reason} +
           "): copy the file again, whole";
}

std::string of_another_kind(std::string_view label, std::string_view wanted) {
    return "it holds \"" + std::string{label} + "\" and no " + std::string{wanted};
}

// What both kinds of files may be in place of PEM; "": it is PEM.
std::string why_no_pem(std::string_view content, std::string_view wanted, std::string_view command) {
    if (content.find_first_not_of(" \t\r\n") == content.npos) return "the file is empty";
    if (is_binary(content) && is_pkcs12(content))
        return "it is a PKCS#12 archive (.pfx, .p12), and PEM is wanted: openssl pkcs12 -in FILE -nodes "
               "takes it apart";
    if (is_binary(content))
        return "it is DER, and PEM is wanted: openssl " + std::string{command} +
               " -inform DER -in FILE -out FILE.pem";
    if (labels_in(content).empty())
        return "it is no PEM: no line of it is -----BEGIN " + std::string{wanted} + "-----";
    return {};
}

constexpr std::string_view exchanged{": are tls_certificate_file and tls_key_file exchanged?"};

// `tell` with what stands in the file, of which nothing stays in memory.
template <class Tell>
std::string of_content(const std::string& file, std::string_view reason, Tell tell) {
    std::error_code ignored;
    if (std::filesystem::is_directory(file, ignored)) return "it is a directory";
    std::ifstream stream{file, std::ios::binary};
    if (!stream) {
        const int why = errno;
        const std::string who = why == EACCES ? " (for the user " + name_of_user(::geteuid()) + ")" : "";
        return "it cannot be read: " + std::generic_category().message(why) + who;
    }
    std::string content{std::istreambuf_iterator<char>{stream}, {}};
    std::string told = tell(content, reason);
    OPENSSL_cleanse(content.data(), content.size());
    return told;
}

} // namespace

std::string why_content_is_no_certificate(std::string_view content, std::string_view reason) {
    if (std::string why = why_no_pem(content, "CERTIFICATE", "x509"); !why.empty()) return why;
    const auto labels = labels_in(content);
    if (std::ranges::any_of(labels, is_certificate)) return damaged("certificate", reason);
    if (std::ranges::any_of(labels, is_private_key))
        return "it holds a private key and no certificate" + std::string{exchanged};
    if (labels.front().ends_with("CERTIFICATE REQUEST"))
        return "it holds a request for a certificate: what the authority made of it is wanted";
    return of_another_kind(labels.front(), "certificate");
}

std::string why_content_is_no_key(std::string_view content, std::string_view reason) {
    if (std::string why = why_no_pem(content, "PRIVATE KEY", "pkey"); !why.empty()) return why;
    const auto labels = labels_in(content);
    if (std::ranges::find(labels, "ENCRYPTED PRIVATE KEY") != labels.end() ||
        content.find("\nProc-Type: 4,ENCRYPTED") != content.npos)
        return "it is encrypted, and nobody is there to type its passphrase: openssl pkey -in FILE -out "
               "PLAIN "
               "makes one without, to be kept with mode 0600";
    if (std::ranges::any_of(labels, is_private_key)) return damaged("private key", reason);
    if (std::ranges::any_of(labels, is_certificate))
        return "it holds a certificate and no private key" + std::string{exchanged};
    return of_another_kind(labels.front(), "private key");
}

std::string why_no_certificate(const std::string& file, std::string_view reason) {
    return of_content(file, reason, why_content_is_no_certificate);
}

std::string why_no_key(const std::string& file, std::string_view reason) {
    return of_content(file, reason, why_content_is_no_key);
}

} // namespace wxlogind::net
