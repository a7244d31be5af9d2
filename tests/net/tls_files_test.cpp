// Files of certificates and keys that are none, as they come: made with the openssl command.
#include "core/net/tls_client_context.hpp"
#include "core/net/tls_server_context.hpp"
#include "tests/support/certificates.hpp"
#include "tests/support/child_process.hpp"
#include "tests/support/file_content.hpp"
#include "tests/support/temporary_directory.hpp"

#include <boost/test/unit_test.hpp>

#include <filesystem>
#include <unistd.h>

using namespace wxlogind;
using namespace wxlogind::test;

namespace {

struct key_files {
    temporary_directory directory;
    certificate good = make_self_signed();

    key_files() {
        write("certificate.pem", good.certificate_pem);
        write("key.pem", good.key_pem);
    }
    [[nodiscard]] std::string file(std::string_view name) const { return directory.file(name); }
    void write(std::string_view name, std::string_view content) const {
        std::ofstream{file(name), std::ios::binary} << content;
    }
    // Runs in the directory.
    void openssl(const std::string& arguments) const {
        child_process program{
            {"sh", "-c", "cd " + directory.path().string() + " && openssl " + arguments},
            file("openssl.out")};
        BOOST_TEST_REQUIRE(program.wait() == 0, program.output());
    }

    [[nodiscard]] std::string refusal(std::string_view certificate_name, std::string_view key_name) const {
        try {
            const net::tls_server_context context{file(certificate_name), file(key_name)};
        } catch (const std::runtime_error& why) {
            return why.what();
        }
        return "it was taken";
    }
    // What is said behind the file's name.
    [[nodiscard]] std::string of_certificate(std::string_view name) const {
        const std::string begin = "certificate " + file(name) + ": ";
        const std::string said = refusal(name, "key.pem");
        BOOST_TEST(said.starts_with(begin), said);
        return said.substr(std::min(begin.size(), said.size()));
    }
    [[nodiscard]] std::string of_key(std::string_view name) const {
        const std::string begin = "key " + file(name) + ": ";
        const std::string said = refusal("certificate.pem", name);
        BOOST_TEST(said.starts_with(begin), said);
        BOOST_TEST(said.find(good.key_pem.substr(60, 20)) == std::string::npos);
        return said.substr(std::min(begin.size(), said.size()));
    }
};

bool contains(const std::string& text, std::string_view part) {
    return text.find(part) != std::string::npos;
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(tls_files, key_files)

BOOST_AUTO_TEST_CASE(good_files_are_taken) {
    BOOST_TEST(refusal("certificate.pem", "key.pem") == "it was taken");
    // With text before them, and the line ends of Windows.
    openssl("x509 -in certificate.pem -text -out with_text.pem");
    openssl("pkey -in key.pem -text -out key_text.pem && sed -i 's/$/\\r/' with_text.pem key_text.pem");
    BOOST_TEST(refusal("with_text.pem", "key_text.pem") == "it was taken");
    // With the byte order mark of its editor.
    write("marked.pem", "\xef\xbb\xbf" + good.certificate_pem);
    BOOST_TEST(refusal("marked.pem", "key.pem") == "it was taken");
}

BOOST_AUTO_TEST_CASE(what_is_not_there_or_empty_is_said_to_be_so) {
    write("empty", "");
    write("blank", "\n\n");
    std::filesystem::create_directory(file("directory"));
    for (const char* const name : {"empty", "blank"}) {
        BOOST_TEST(of_certificate(name) == "the file is empty");
        BOOST_TEST(of_key(name) == "the file is empty");
    }
    BOOST_TEST(of_certificate("nowhere") == "it cannot be read: No such file or directory");
    BOOST_TEST(of_key("nowhere") == "it cannot be read: No such file or directory");
    BOOST_TEST(of_certificate("directory") == "it is a directory");
    BOOST_TEST(of_key("directory") == "it is a directory");
}

BOOST_AUTO_TEST_CASE(der_and_pkcs12_are_told_with_the_command_that_makes_pem_of_them) {
    openssl("x509 -in certificate.pem -outform DER -out c.der");
    openssl("pkey -in key.pem -outform DER -out k.der");
    openssl("pkcs12 -export -in certificate.pem -inkey key.pem -passout pass:x -out both.pfx");
    BOOST_TEST(
        of_certificate("c.der") ==
        "it is DER, and PEM is wanted: openssl x509 -inform DER -in FILE -out FILE.pem");
    BOOST_TEST(
        of_key("k.der") == "it is DER, and PEM is wanted: openssl pkey -inform DER -in FILE -out FILE.pem");
    BOOST_TEST(contains(of_certificate("both.pfx"), "it is a PKCS#12 archive (.pfx, .p12)"));
    BOOST_TEST(contains(of_key("both.pfx"), "openssl pkcs12 -in FILE -nodes takes it apart"));
    // And so it is.
    openssl("x509 -inform DER -in c.der -out c.der.pem && openssl pkey -inform DER -in k.der -out k.der.pem");
    BOOST_TEST(refusal("c.der.pem", "k.der.pem") == "it was taken");
    openssl("pkcs12 -in both.pfx -nodes -passin pass:x -out taken_apart.pem");
    BOOST_TEST(refusal("taken_apart.pem", "taken_apart.pem") == "it was taken");
}

BOOST_AUTO_TEST_CASE(garbage_and_damage_are_told_apart) {
    write("garbage", "<html>404 Not Found</html>\n");
    BOOST_TEST(of_certificate("garbage") == "it is no PEM: no line of it is -----BEGIN CERTIFICATE-----");
    BOOST_TEST(of_key("garbage") == "it is no PEM: no line of it is -----BEGIN PRIVATE KEY-----");
    write("cut", good.certificate_pem.substr(0, 200));
    BOOST_TEST(contains(of_certificate("cut"), "the certificate in it is damaged ("));
    write("cut", good.key_pem.substr(0, 100));
    BOOST_TEST(contains(of_key("cut"), "the private key in it is damaged ("));
}

BOOST_AUTO_TEST_CASE(an_encrypted_key_is_told_in_both_of_its_forms) {
    openssl("pkey -in key.pem -aes256 -passout pass:x -out pkcs8.pem");
    openssl("ec -in key.pem -aes256 -passout pass:x -out traditional.pem");
    BOOST_TEST(contains(content_of(file("pkcs8.pem")), "BEGIN ENCRYPTED PRIVATE KEY"));
    BOOST_TEST(contains(content_of(file("traditional.pem")), "Proc-Type: 4,ENCRYPTED"));
    for (const char* const name : {"pkcs8.pem", "traditional.pem"}) {
        const std::string said = of_key(name);
        BOOST_TEST(contains(said, "it is encrypted, and nobody is there to type its passphrase"), said);
        BOOST_TEST(contains(said, "openssl pkey -in FILE -out PLAIN"), said);
    }
}

BOOST_AUTO_TEST_CASE(files_that_hold_something_else_are_told_what) {
    const std::string exchanged = "are tls_certificate_file and tls_key_file exchanged?";
    BOOST_TEST(of_certificate("key.pem") == "it holds a private key and no certificate: " + exchanged);
    BOOST_TEST(of_key("certificate.pem") == "it holds a certificate and no private key: " + exchanged);
    openssl("req -new -key key.pem -subj /CN=localhost -out request.pem");
    BOOST_TEST(contains(of_certificate("request.pem"), "a request for a certificate"));
    openssl("pkey -in key.pem -pubout -out public.pem");
    BOOST_TEST(of_key("public.pem") == "it holds \"PUBLIC KEY\" and no private key");
    BOOST_TEST(of_certificate("public.pem") == "it holds \"PUBLIC KEY\" and no certificate");
}

BOOST_AUTO_TEST_CASE(a_key_of_another_certificate_is_told_with_both_names) {
    write("other.pem", make_self_signed().key_pem);
    openssl("genrsa -out rsa.pem 2048");
    for (const char* const name : {"other.pem", "rsa.pem"})
        BOOST_TEST(
            refusal("certificate.pem", name)
                .starts_with("key " + file(name) + " does not fit certificate " + file("certificate.pem")));
    // The chain before the server's own certificate.
    write("chain.pem", make_self_signed().certificate_pem + good.certificate_pem);
    BOOST_TEST(contains(refusal("chain.pem", "key.pem"), "has to be the first in its file"));
}

BOOST_AUTO_TEST_CASE(what_openssl_does_not_want_is_not_called_damaged) {
    openssl("req -x509 -newkey rsa:512 -nodes -subj /CN=x -keyout small_key.pem -out small.pem 2>/dev/null");
    BOOST_TEST(of_certificate("small.pem") == "ee key too small");
}

BOOST_AUTO_TEST_CASE(a_file_that_may_not_be_read_says_who_tried) {
    if (::geteuid() != 0) return; // only root can become another
    std::filesystem::permissions(directory.path(), std::filesystem::perms{0755});
    std::filesystem::permissions(file("certificate.pem"), std::filesystem::perms{0644});
    std::filesystem::permissions(file("key.pem"), std::filesystem::perms{0600});
    BOOST_TEST_REQUIRE(::seteuid(65534) == 0);
    const std::string said = of_key("key.pem");
    BOOST_TEST_REQUIRE(::seteuid(0) == 0);
    BOOST_TEST(said == "it cannot be read: Permission denied (for the user nobody)");
}

BOOST_AUTO_TEST_CASE(a_file_of_authorities_is_looked_at_likewise) {
    openssl("x509 -in certificate.pem -outform DER -out c.der");
    try {
        const net::tls_client_context context{file("c.der")};
        BOOST_TEST(false, "it was taken");
    } catch (const std::runtime_error& why) {
        BOOST_TEST(
            std::string{why.what()}.starts_with("TLS: certificates of " + file("c.der") + ": it is DER"));
    }
}

BOOST_AUTO_TEST_SUITE_END()
