// The command line of the simulator.
#include "bench/wechat-sim/simulator.hpp"
#include "bench/wechat-sim/wire/certificates.hpp"

#include <CLI/CLI.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include <sys/resource.h>

#include <csignal>
#include <exception>
#include <iostream>
#include <random>

namespace {

using namespace wxlogind::wechat_sim;

constexpr const char* examples = R"(Examples:
  wechat-sim --app wx0123456789abcdef=secret --ca-file /tmp/ca.pem
      serves one app on free ports of 127.0.0.1 and says on standard output where:
      {"listen":"127.0.0.1:PORT","control":"127.0.0.1:PORT","ca_file":"/tmp/ca.pem"}
  curl "http://CONTROL/codes?appid=wx0123456789abcdef&user=alice"
      gives a login code of alice, as wx.login would
  curl --cacert /tmp/ca.pem "https://LISTEN/sns/jscode2session?appid=…&secret=…&js_code=…&grant_type=authorization_code"
      exchanges it
The control API and the faults that it injects: bench/wechat-sim/README.md)";

// appid=secret[,group]
app parse_app(const std::string& text) {
    const std::size_t equals = text.find('=');
    const std::size_t comma = text.find(',', equals == std::string::npos ? 0 : equals);
    if (equals == 0 || equals == std::string::npos || equals + 1 >= std::min(comma, text.size()))
        throw CLI::ValidationError{"--app", "has to be APPID=SECRET or APPID=SECRET,GROUP"};
    app parsed;
    parsed.appid = text.substr(0, equals);
    parsed.secret = text.substr(equals + 1, comma == std::string::npos ? comma : comma - equals - 1);
    if (comma != std::string::npos) parsed.group = text.substr(comma + 1);
    return parsed;
}

latency_model parse_latency(const std::string& text) {
    const auto parsed = latency_model::parse(text);
    if (!parsed)
        throw CLI::ValidationError{
            "--latency", "has to be like fixed:80, uniform:30:600 or lognormal:80:0.6"};
    return *parsed;
}

std::string ready_line(const simulator& running, const std::string& ca_file) {
    const boost::json::object ready{
        {"listen", running.listen_address()}, {"control", running.control_address()}, {"ca_file", ca_file}};
    return boost::json::serialize(ready) + "\n";
}

// A connection is a descriptor, and the usual limit is far below what the system would allow.
void raise_descriptor_limit() {
    rlimit limit{};
    if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
    limit.rlim_cur = limit.rlim_max;
    ::setrlimit(RLIMIT_NOFILE, &limit);
}

int run(int argc, char** argv) {
    simulator_settings settings;
    std::vector<std::string> apps;
    std::string ready_file;
    std::uint64_t seed = 0;
    bool reuses_load_codes = false;
    std::string latency;

    CLI::App line{"wechat-sim: answers the calls of a login as api.weixin.qq.com does"};
    line.footer(examples);
    line.set_version_flag("--version", "wechat-sim " WXLOGIND_VERSION);
    line.add_option("--listen", settings.listen, "address and port of the TLS server")->capture_default_str();
    line.add_option("--control", settings.control, "address and port of the control API (plain HTTP)")
        ->capture_default_str();
    line.add_option("--app", apps, "APPID=SECRET[,GROUP]; GROUP binds it to an Open Platform account");
    line.add_option(
        "--ca-file", settings.ca_file, "where to write the certificate that clients have to trust");
    line.add_option("--ready-file", ready_file, "write the ready line there too, once it is true");
    line.add_option(
        "--record", settings.record_file, "append every request and its answer to that file, a line each");
    auto* const seeded =
        line.add_option("--seed", seed, "repeat codes, identities and faults of an earlier run");
    line.add_option("--threads", settings.threads, "event loops, one thread each")
        ->check(CLI::Range(1u, 256u))
        ->capture_default_str();
    line.add_option("--max-connections", settings.max_connections, "more are refused")->capture_default_str();
    line.add_option(
            "--rate-limit", settings.rules.rate_limit, "exchanges a minute, user and app; 0 = no limit")
        ->capture_default_str();
    line.add_option(
        "--latency", latency, "of every answer, in ms: fixed:80, uniform:30:600 or lognormal:80:0.6");
    line.add_flag("!--unescaped-slash", settings.style.escapes_slash, "write / in a session_key, not \\/");
    line.add_flag("--errcode-zero", settings.style.writes_errcode_zero, "errcode 0 in successful answers");
    line.add_flag("--old-hints", settings.style.writes_old_hints, "errmsg with hints: [ req_id: ... ]");
    line.add_flag(
        "--load-codes", settings.rules.takes_load_codes,
        "take codes that were not minted: 0L, ten digits that number the user, 20 of [A-Za-z0-9]");
    line.add_flag("--reusable-load-codes", reuses_load_codes, "load codes are good more than once");
    try {
        line.parse(argc, argv);
        for (const std::string& each : apps) settings.apps.push_back(parse_app(each));
        if (!latency.empty()) settings.latency = parse_latency(latency);
    } catch (const CLI::ParseError& error) {
        return line.exit(error);
    }
    settings.rules.load_codes_are_single_use = !reuses_load_codes;
    settings.rules.identity_seed = seed;
    settings.fault_seed = seed;
    settings.rules.code_seed = seed;
    // Without a seed, codes never repeat: a server that remembers codes must not meet one twice.
    if (seeded->empty())
        settings.rules.code_seed = (std::uint64_t{std::random_device{}()} << 32) ^ std::random_device{}();

    sigset_t ends;
    sigemptyset(&ends);
    sigaddset(&ends, SIGTERM);
    sigaddset(&ends, SIGINT);
    pthread_sigmask(SIG_BLOCK, &ends, nullptr); // before there are threads, which inherit it
    (void)std::signal(SIGPIPE, SIG_IGN);

    raise_descriptor_limit();
    simulator running{settings};
    running.start();
    const std::string ready = ready_line(running, settings.ca_file);
    if (!ready_file.empty()) write_file_atomically(ready_file, ready);
    std::cout << ready << std::flush;
    int which = 0;
    sigwait(&ends, &which);
    running.stop();
    return 0;
}

} // namespace

int main(int argc, char** argv) {
    try {
        return run(argc, argv);
    } catch (const std::exception& error) {
        std::cerr << "wechat-sim: " << error.what() << "\n";
        return 1;
    }
}
