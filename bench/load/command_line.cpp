// The command line of wxlogin-bench.
#include "bench/load/options.hpp"
#include "bench/load/scenario/scenario.hpp"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <charconv>
#include <stdexcept>

namespace wxlogind::load {

namespace {

constexpr const char* first_run = R"(A first run, with a wxlogind and a WeChat (wechat-sim) of its own:
  wxlogin-bench --try-out                                  64 users at a time, as fast as they go
  wxlogin-bench --try-out --rate 500 --html report.html    500 logins a second, drawn
  wxlogin-bench --try-out --ramp 'p99<20ms'                the highest rate that keeps this
Yours: start its WeChat as wechat-sim --load-codes --rate-limit 0 --app ..., add --target HOST:PORT)";

std::string all_scenarios() {
    std::string text;
    for (const scenario_name& each : scenario_names())
        text.append(text.empty() ? "" : "; ").append(each.name).append(": ").append(each.meaning);
    return text;
}

bool is_scenario(std::string_view name) {
    return std::ranges::any_of(
        scenario_names(), [name](const scenario_name& each) { return each.name == name; });
}

// "returning=9,first=1"
std::vector<std::pair<std::string, double>> parse_mix(const std::string& text) {
    std::vector<std::pair<std::string, double>> parts;
    std::istringstream list{text};
    for (std::string part; std::getline(list, part, ',');) {
        const std::size_t equals = part.find('=');
        const std::string name = part.substr(0, equals);
        if (!is_scenario(name) || name == "mix" || name == "fill")
            throw CLI::ValidationError{"--mix", "\"" + name + "\" is nothing that can be mixed"};
        double weight = 1;
        if (equals != std::string::npos) {
            const char* const end = part.data() + part.size();
            const auto [stopped, error] = std::from_chars(part.data() + equals + 1, end, weight);
            if (error != std::errc{} || stopped != end || !(weight > 0))
                throw CLI::ValidationError{"--mix", "\"" + part + "\" has to be NAME=WEIGHT"};
        }
        parts.emplace_back(name, weight);
    }
    if (parts.empty()) throw CLI::ValidationError{"--mix", "is empty"};
    return parts;
}

// CLI11 reads texts and numbers; these are neither.
struct texts {
    std::string mix{};
    std::string arrivals{"constant"};
    std::string more{};
    std::string ramp{};
    std::vector<std::string> fail_if{};
    std::string duration{"10s"};
    std::string warm_up{"2s"};
    std::string timeout{"10s"};
};

milliseconds duration_of(const char* option, const std::string& text) {
    const auto parsed = parse_duration(text);
    if (!parsed) throw CLI::ValidationError{option, "\"" + text + "\" has to be like 10s, 500ms or 2m"};
    return *parsed;
}

condition condition_of(const char* option, const std::string& text) {
    try {
        return parse_condition(text);
    } catch (const std::runtime_error& wrong) {
        throw CLI::ValidationError{option, wrong.what()};
    }
}

// "9000:3s:10s"
surge surge_of(const std::string& text) {
    const std::size_t first = text.find(':');
    const std::size_t second = text.find(':', first + 1);
    double rate = 0;
    const auto [stopped, error] =
        std::from_chars(text.data(), text.data() + std::min(first, text.size()), rate);
    if (second == std::string::npos || error != std::errc{} || stopped != text.data() + first || !(rate > 0))
        throw CLI::ValidationError{
            "--surge", "\"" + text + "\" has to be RATE:FROM:LENGTH, like 9000:3s:10s"};
    const auto from = duration_of("--surge", text.substr(first + 1, second - first - 1));
    return {rate, from, from + duration_of("--surge", text.substr(second + 1))};
}

void add_load_options(CLI::App& line, options& into, texts& as) {
    line.add_option("scenario", into.scenario, all_scenarios())
        ->check([](const std::string& name) {
            return is_scenario(name) ? std::string{} : "there is no scenario \"" + name + "\"";
        })
        ->capture_default_str();
    line.add_option("--mix", as.mix, "for mix: NAME=WEIGHT,... (returning=9,first=1)");
    line.add_option(
            "--connections", into.connections,
            "closed loop: requests in flight (64); with --rate: connections at most (1024)")
        ->check(CLI::Range(1u, 1'000'000u));
    line.add_option("--rate", into.rate, "open loop: requests meant to start a second, whatever happens")
        ->check(CLI::Range(0.01, 1e7));
    line.add_option("--arrivals", as.arrivals, "with --rate: constant or poisson")
        ->check(CLI::IsMember({"constant", "poisson"}))
        ->capture_default_str();
    line.add_option(
        "--surge", as.more, "with --rate: another rate for a while, RATE:FROM:LENGTH (9000:3s:10s)");
    line.add_flag(
        "--turn-away", into.turns_away,
        "with --rate: a start that finds all --connections busy fails at once, as behind a balancer's "
        "maxconn");
    line.add_option("--ramp", as.ramp, "look for the highest rate for which this holds: 'p99<20ms'");
    line.add_option("--duration", as.duration, "what is measured")->capture_default_str();
    line.add_option("--warm-up", as.warm_up, "before it; left out of all figures")->capture_default_str();
    line.add_option("--timeout", as.timeout, "a request is given up after it")->capture_default_str();
    line.add_option("--threads", into.threads, "that make the load")
        ->check(CLI::Range(1u, 256u))
        ->capture_default_str();
    line.add_option("--cpus", into.cpus, "to pin these threads to, in turn: 1,2")->delimiter(',');
    line.add_flag("--new-connections", into.reconnects, "a new connection for each request");
    line.add_option("--idle-connections", into.idle_connections, "open besides, with a request each 30 s")
        ->check(CLI::Range(0u, 1'000'000u));
}

void add_user_options(CLI::App& line, options& into) {
    line.add_option("--users", into.users, "who log in")
        ->check(CLI::Range(1u, 999'999'999u))
        ->capture_default_str();
    line.add_option("--first-user", into.first_user, "the number of the first of them")
        ->capture_default_str();
    line.add_option("--zipf", into.zipf, "how much more often some come than others; 0 = all alike")
        ->check(CLI::Range(0.0, 5.0))
        ->capture_default_str();
    line.add_flag("--users-are-there", into.users_are_there, "do not log all users in before the run");
    line.add_option("--sessions", into.sessions, "opened before the run, for verify, me and refresh")
        ->check(CLI::Range(1u, 100'000'000u))
        ->capture_default_str();
    line.add_option(
        "--sessions-file", into.sessions_file,
        "for verify and me: the sessions of this file; when it is not there, those that are opened are kept "
        "in it");
    line.add_option("--seed", into.seed, "of users and arrivals, to repeat them");
}

void add_server_options(CLI::App& line, options& into) {
    line.add_option("--target", into.target, "the server's public address")->capture_default_str();
    line.add_option("--internal", into.internal, "its internal one, for verify")->capture_default_str();
    line.add_option("--appid", into.appid, "of the mini program")->capture_default_str();
    line.add_flag("--post", into.posts, "log in by POST; default: GET, as wx.request does");
    line.add_option("--login-path", into.login_path, "of a login, with {code} in it")->capture_default_str();
    line.add_option("--expect", into.expected, "what an answer to a login has in it")->capture_default_str();
    line.add_option("--path", into.path, "of the scenario get")->capture_default_str();
    line.add_option("--idle-path", into.idle_path, "of idle connections' requests")->capture_default_str();
    line.add_option("--header", into.fields, "a further header field, 'Name: value'")
        ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
    line.add_option(
        "--server-pid", into.server_processes,
        "processes whose CPU time is the server's; default: who listens on --target, if on this machine");
    line.add_flag(
        "--syscalls", into.counts_syscalls,
        "count the server's system calls, by strace, in 2 s of their own");
    line.add_option(
        "--allocations-file", into.allocations_file,
        "where a server started with libwx_allocations.so counts its allocations");
    line.add_flag("--no-server", into.ignores_server, "do not look at the server's processes");
}

void add_try_out_options(CLI::App& line, options& into) {
    try_out_options& own = into.try_out;
    line.add_flag(
        "--try-out", own.is_wanted,
        "start wxlogind and wechat-sim for this run, with a database that is gone afterwards");
    line.add_option("--server-threads", own.server_threads, "of the wxlogind of --try-out")
        ->check(CLI::Range(1u, 256u))
        ->capture_default_str();
    line.add_option("--server-cpus", own.server_cpus, "where it may run: 0 or 0-3");
    line.add_option("--sim-cpus", own.simulator_cpus, "where the simulator may run");
    line.add_option("--sim-latency", own.latency, "of WeChat's answers: fixed:80, lognormal:80:0.6");
    line.add_flag(
        "--allocations", own.counts_allocations, "count the allocations of the wxlogind of --try-out");
    line.add_option("--keep", own.directory, "a directory for the database, which stays");
    line.add_option(
        "--programs", own.programs, "where wxlogind and wechat-sim are; default: beside this one");
}

void add_output_options(CLI::App& line, options& into, texts& as) {
    line.add_option("--json", into.json_file, "write all figures to this file");
    line.add_option("--html", into.html_file, "write a report with plots to this file");
    line.add_option(
            "--fail-if", as.fail_if,
            "exit with status 1 if so: 'p99>20ms', 'errors>0.1%', 'rate<5000', 'cpu>60us'; repeatable")
        ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
    line.add_flag("--quiet", into.is_quiet, "no progress line");
}

void take_texts(options& into, const texts& as) {
    if (!as.mix.empty()) into.mix = parse_mix(as.mix);
    into.pattern = as.arrivals == "poisson" ? arrival_pattern::poisson : arrival_pattern::constant;
    if (!as.more.empty()) into.more = surge_of(as.more);
    if (!into.rate && (!as.more.empty() || into.turns_away))
        throw CLI::ValidationError{"--rate", "is needed with --surge and --turn-away"};
    into.duration = duration_of("--duration", as.duration);
    into.warm_up = duration_of("--warm-up", as.warm_up);
    into.timeout = duration_of("--timeout", as.timeout);
    if (into.duration < milliseconds{100}) throw CLI::ValidationError{"--duration", "at least 100ms"};
    if (into.timeout.count() == 0) throw CLI::ValidationError{"--timeout", "has to be longer than 0"};
    if (!as.ramp.empty()) into.ramp = condition_of("--ramp", as.ramp);
    for (const std::string& each : as.fail_if) into.fail_if.push_back(condition_of("--fail-if", each));
    if (into.connections && *into.connections < into.threads)
        throw CLI::ValidationError{"--threads", "each needs a connection of --connections"};
    if (into.rate && into.ramp)
        throw CLI::ValidationError{"--ramp", "looks for the rate itself: without --rate"};
    const bool refreshes =
        std::ranges::any_of(into.mix, [](const auto& part) { return part.first == "refresh"; });
    if (!into.sessions_file.empty() && (into.scenario == "refresh" || (into.scenario == "mix" && refreshes)))
        throw CLI::ValidationError{"--sessions-file", "a refresh token is used up in a run"};
    if (into.rate && into.scenario == "fill")
        throw CLI::ValidationError{"--rate", "fill goes as fast as it can"};
}

} // namespace

std::optional<milliseconds> parse_duration(std::string_view text) {
    std::int64_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc{} || number < 0 || number > 1'000'000'000) return std::nullopt;
    const std::string_view unit = text.substr(static_cast<std::size_t>(end - text.data()));
    if (unit == "ms") return milliseconds{number};
    if (unit == "s" || unit.empty()) return std::chrono::seconds{number};
    if (unit == "m") return std::chrono::minutes{number};
    if (unit == "h") return std::chrono::hours{number};
    return std::nullopt;
}

parsed_options parse_command_line(int argc, const char* const* argv) {
    parsed_options parsed;
    options into;
    texts as;
    CLI::App line{"wxlogin-bench: how many logins a second, how fast, and at what cost"};
    line.footer(first_run);
    line.option_defaults()->multi_option_policy(CLI::MultiOptionPolicy::TakeLast);
    line.set_version_flag("--version", "wxlogin-bench " WXLOGIND_VERSION);
    add_load_options(line, into, as);
    add_user_options(line, into);
    add_server_options(line, into);
    add_try_out_options(line, into);
    add_output_options(line, into, as);
    try {
        line.parse(argc, argv);
        take_texts(into, as);
        parsed.wanted = std::move(into);
    } catch (const CLI::ParseError& error) {
        // 0 for help; what is wrong is 2, as 1 is --fail-if's.
        parsed.status = line.exit(error) == 0 ? 0 : 2;
    }
    return parsed;
}

} // namespace wxlogind::load
