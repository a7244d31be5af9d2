// TLS on the public listener: with curl and openssl as clients.
#include "tests/support/certificates.hpp"
#include "tests/support/deployment.hpp"
#include "tests/support/metrics_text.hpp"
#include "tests/support/operator_call.hpp"
#include "tests/support/running_server.hpp"

#include <boost/json.hpp>
#include <boost/test/unit_test.hpp>

#include <csignal>
#include <filesystem>
#include <fstream>
#include <thread>

using namespace wxlogind::test;
using namespace std::chrono_literals;

namespace {

// A certificate of its own for each deployment, exchanged by renew().
class tls_deployment {
public:
    tls_deployment() {
        std::ofstream{files_.file("ca.pem")} << authority_.pem();
        renew();
        deployment_options options;
        options.server = "tls_certificate_file = \"" + files_.file("certificate.pem") +
                         "\"\ntls_key_file = \"" + files_.file("key.pem") + "\"\nheader_timeout_ms = 1500\n";
        running_ = std::make_unique<deployment>(options);
    }

    void renew(const certificate_wishes& wishes = {}) const {
        const certificate next = authority_.issue(wishes);
        std::ofstream{files_.file("certificate.pem"), std::ios::trunc} << next.certificate_pem;
        std::ofstream{files_.file("key.pem"), std::ios::trunc} << next.key_pem;
    }

    [[nodiscard]] deployment& running() const noexcept { return *running_; }
    [[nodiscard]] std::string file(std::string_view name) const { return files_.file(name); }
    [[nodiscard]] std::string port() const {
        return running_->public_address().substr(running_->public_address().rfind(':') + 1);
    }

    // What `command` prints, with standard input at its end.
    [[nodiscard]] std::string output_of(std::vector<std::string> command) const {
        child_process program{std::move(command), files_.file("output")};
        (void)program.wait();
        return program.output();
    }
    [[nodiscard]] std::string curl(std::vector<std::string> more) const {
        more.insert(more.begin(), {"curl", "--silent", "--show-error", "--cacert", files_.file("ca.pem")});
        return output_of(std::move(more));
    }
    [[nodiscard]] std::string url(const std::string& target) const {
        return "https://localhost:" + port() + target;
    }
    [[nodiscard]] std::string s_client(std::vector<std::string> more) const {
        more.insert(
            more.begin(), {"openssl", "s_client", "-connect", running_->public_address(), "-servername",
                           "localhost", "-CAfile", files_.file("ca.pem")});
        return output_of(std::move(more));
    }

private:
    temporary_directory files_;
    certificate_authority authority_;
    std::unique_ptr<deployment> running_;
};

bool contains(const std::string& text, std::string_view part) {
    return text.find(part) != std::string::npos;
}

} // namespace

BOOST_AUTO_TEST_SUITE(tls)

BOOST_AUTO_TEST_CASE(logins_go_over_one_tls_connection_and_http_1_1_is_chosen) {
    const tls_deployment with;
    const std::string first = with.url("/login?code=" + with.running().mint_code("ada"));
    const std::string second = with.url("/login?code=" + with.running().mint_code("ada"));
    const std::string said = with.curl(
        {"--verbose", "--write-out", "\nconnects=%{num_connects} status=%{http_code}\n", first, second});
    BOOST_TEST_CONTEXT(said) {
        BOOST_TEST(contains(said, "connects=1 status=200"));
        BOOST_TEST(contains(said, "connects=0 status=200"));
        BOOST_TEST(contains(said, "\"is_new\":true"));
        BOOST_TEST(contains(said, "http/1.1"));
    }
    // The internal listener stays as it is.
    BOOST_TEST(http_get(with.running().internal_address(), "/readyz").status == 200u);
}

BOOST_AUTO_TEST_CASE(a_large_body_goes_in_and_is_refused_in_good_order) {
    const tls_deployment with;
    std::ofstream{with.file("body")} << R"({"code":")" << std::string(15'000, 'x') << R"("})";
    const auto post = [&with](const std::string& file) {
        return with.curl(
            {"--header", "Content-Type: application/json", "--data-binary", "@" + file, with.url("/login")});
    };
    BOOST_TEST(contains(post(with.file("body")), "invalid_request"));
    std::ofstream{with.file("larger")} << std::string(100'000, 'x');
    BOOST_TEST(contains(post(with.file("larger")), "content_too_large"));
}

BOOST_AUTO_TEST_CASE(versions_before_1_2_and_other_protocols_are_refused) {
    const tls_deployment with;
    const std::string old = with.s_client({"-tls1_1", "-cipher", "ALL:@SECLEVEL=0"});
    BOOST_TEST(!contains(old, "Verify return code: 0 (ok)\n---\nread"), old);
    BOOST_TEST((contains(old, "alert protocol version") || contains(old, "no protocols available")), old);
    BOOST_TEST(contains(with.s_client({"-tls1_2", "-alpn", "h2,http/1.1"}), "ALPN protocol: http/1.1"));
    BOOST_TEST(contains(with.s_client({"-tls1_3"}), "Verify return code: 0 (ok)"));
    BOOST_TEST(contains(with.s_client({"-alpn", "h2"}), "no application protocol"));
}

BOOST_AUTO_TEST_CASE(plain_http_garbage_and_silence_are_closed_and_hurt_nobody) {
    const tls_deployment with;
    http_connection plain{with.running().public_address()};
    BOOST_TEST(plain.exchange(get_request("/healthz")).status == 0u);
    http_connection silent{with.running().public_address()};
    http_connection half{with.running().public_address()};
    half.send("\x16\x03\x01\x02"); // the beginning of a ClientHello
    BOOST_TEST(silent.closes_within(10s));
    BOOST_TEST(half.closes_within(10s));
    BOOST_TEST(contains(with.curl({with.url("/healthz")}), "alive"));
}

BOOST_AUTO_TEST_CASE(sessions_resume_also_under_a_new_certificate) {
    const tls_deployment with;
    // TLS 1.3's ticket comes with the first answer.
    std::ofstream{with.file("request")} << get_request("/healthz", "Connection: close\r\n");
    const auto connect = [&](const std::string& how) {
        return with.output_of(
            {"bash", "-c",
             "openssl s_client -ign_eof -connect " + with.running().public_address() + " -CAfile " +
                 with.file("ca.pem") + " " + how + " " + with.file("session") + " < " +
                 with.file("request")});
    };
    const std::string fresh = connect("-sess_out");
    BOOST_TEST(contains(fresh, "New, TLSv1.3"), fresh);
    BOOST_TEST(contains(connect("-sess_in"), "Reused, TLSv1.3"));
    with.renew();
    with.running().wxlogind().send_signal(SIGHUP);
    with.running().wxlogind().wait_for_line(
        [](std::string_view line) { return contains(std::string{line}, "reload"); });
    BOOST_TEST(contains(connect("-sess_in"), "Reused, TLSv1.3"));
}

BOOST_AUTO_TEST_CASE(a_new_certificate_is_taken_on_sighup_and_a_broken_one_is_not) {
    const tls_deployment with;
    const auto serial = [&with] {
        const std::string shown = with.s_client({});
        const std::size_t from = shown.find("-----BEGIN CERTIFICATE-----");
        return from == std::string::npos ? shown : shown.substr(from, shown.find("-----END") - from);
    };
    const std::string before = serial();
    with.renew();
    BOOST_TEST(serial() == before);
    with.running().wxlogind().send_signal(SIGHUP);
    BOOST_TEST(comes_true([&] { return serial() != before; }));

    const std::string now = serial();
    std::ofstream{with.file("key.pem"), std::ios::trunc} << "no key";
    with.running().wxlogind().send_signal(SIGHUP);
    with.running().wxlogind().wait_for_line(
        [&with](std::string_view line) { return contains(std::string{line}, with.file("key.pem")); });
    BOOST_TEST(serial() == now);
}

BOOST_AUTO_TEST_CASE(a_file_that_is_no_key_is_named_with_what_is_wrong_at_start_reload_and_check_config) {
    const tls_deployment with;
    deployment& running = with.running();
    (void)with.output_of(
        {"openssl", "pkey", "-in", with.file("key.pem"), "-aes256", "-passout", "pass:x", "-out",
         with.file("encrypted.pem")});
    std::filesystem::rename(with.file("encrypted.pem"), with.file("key.pem"));
    const std::string why = "key " + with.file("key.pem") + ": it is encrypted, and nobody is there to type";
    const auto refused = running.reload();
    BOOST_TEST(text_of(refused, "message").starts_with("SIGHUP: refused"));
    BOOST_TEST(contains(text_of(refused, "why"), why));
    const command_outcome checked = run_command(running, {"check-config"});
    BOOST_TEST(checked.status == 1);
    BOOST_TEST(checked.output.starts_with(why), checked.output);
    BOOST_TEST(contains(with.curl({with.url("/healthz")}), "alive")); // as before

    BOOST_TEST(running.stop_wxlogind() == 0);
    const command_outcome started = run_command(running, {"serve"});
    BOOST_TEST(started.status == 1);
    BOOST_TEST(started.says("wxlogind: " + why), started.output);
}

BOOST_AUTO_TEST_CASE(until_when_a_certificate_is_good_is_said_when_it_is_taken) {
    const tls_deployment with;
    auto& server = with.running().wxlogind();
    const auto says = [&](std::string_view event) {
        server.wait_for_line([event](std::string_view line) {
            return line.find(event) != std::string_view::npos &&
                   line.find("good_until") != std::string_view::npos;
        });
    };
    with.renew();
    server.send_signal(SIGHUP);
    says("TLS certificate");
    with.renew({.host = "localhost", .starts_in = -7200s, .ends_in = -3600s});
    server.send_signal(SIGHUP);
    says("the TLS certificate has expired");
}

// To the second, as openssl reads it.
BOOST_AUTO_TEST_CASE(until_when_a_certificate_is_good_is_a_figure_that_follows_reloads) {
    const tls_deployment with;
    const std::string name = "wxlogind_tls_certificate_not_after_timestamp_seconds";
    const auto shown = [&] {
        return metrics_text{http_get(with.running().internal_address(), "/metrics").body}.find(name);
    };
    const auto in_file = [&] {
        const std::string text = with.output_of(
            {"sh", "-c",
             "date -u +%s -d \"$(openssl x509 -noout -enddate -in " + with.file("certificate.pem") +
                 " | cut -d= -f2)\""});
        return std::stod(text);
    };
    BOOST_TEST(shown().value() == in_file());
    with.renew({.host = "localhost", .starts_in = -7200s, .ends_in = 90 * 24h});
    BOOST_TEST(shown().value() != in_file());
    BOOST_TEST(text_of(with.running().reload(), "message") == "SIGHUP: reloaded");
    BOOST_TEST(shown().value() == in_file());
    with.renew({.host = "localhost", .starts_in = -7200s, .ends_in = -3600s});
    BOOST_TEST(text_of(with.running().reload(), "message") == "SIGHUP: reloaded");
    BOOST_TEST(shown().value() == in_file());
    with.running().configure([](deployment_options& options) { options.server.clear(); });
    BOOST_TEST(text_of(with.running().reload(), "message") == "SIGHUP: reloaded");
    BOOST_TEST(!shown().has_value()); // without TLS
}

BOOST_AUTO_TEST_SUITE_END()
