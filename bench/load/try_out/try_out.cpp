#include "bench/load/try_out/try_out.hpp"

#include "bench/load/wire/reply_scanner.hpp"

#include <fstream>
#include <stdexcept>

#include <stdlib.h>

namespace wxlogind::load {

namespace {

constexpr std::size_t allocation_counters = 1024 * 64; // bytes

constexpr const char* secret = "0123456789abcdef0123456789abcdef";

std::filesystem::path directory_of(const try_out_options& wanted) {
    if (!wanted.directory.empty()) {
        std::filesystem::create_directories(wanted.directory);
        return std::filesystem::absolute(wanted.directory);
    }
    std::string pattern = (std::filesystem::temp_directory_path() / "wxlogin-bench-XXXXXX").string();
    if (::mkdtemp(pattern.data()) == nullptr)
        throw std::runtime_error{"no directory can be made at " + pattern};
    return pattern;
}

void write_private_file(const std::string& path, const std::string& text) {
    std::ofstream out{path, std::ios::trunc};
    using std::filesystem::perms;
    std::filesystem::permissions(path, perms::owner_read | perms::owner_write);
    out << text;
    out.close();
    if (!out) throw std::runtime_error{path + " cannot be written"};
}

} // namespace

try_out::try_out(const try_out_options& wanted, const std::string& appid, std::size_t connections)
    : programs_{wanted.programs.empty() ? std::filesystem::read_symlink("/proc/self/exe").parent_path()
                                        : std::filesystem::path{wanted.programs}},
      directory_{directory_of(wanted)}, is_temporary_{wanted.directory.empty()} {
    for (const char* const program : {"wxlogind", "wechat-sim"})
        if (!std::filesystem::exists(programs_ / program))
            throw std::runtime_error{
                "--try-out needs " + (programs_ / program).string() + ", which is not there; see --programs"};
    start_simulator(wanted, appid);
    start_server(wanted, appid, connections);
}

try_out::~try_out() {
    server_.reset();
    simulator_.reset();
    std::error_code ignored;
    if (is_temporary_) std::filesystem::remove_all(directory_, ignored);
}

void try_out::start_simulator(const try_out_options& wanted, const std::string& appid) {
    std::vector<std::string> command{
        (programs_ / "wechat-sim").string(),
        "--load-codes",
        "--rate-limit",
        "0",
        "--ca-file",
        file("ca.pem"),
        "--app",
        appid + "=" + secret + ",group"};
    if (!wanted.latency.empty()) command.insert(command.end(), {"--latency", wanted.latency});
    simulator_.emplace(command, file("wechat-sim.log"), wanted.simulator_cpus);
    const std::string ready = simulator_->wait_for_line("\"listen\"");
    const std::string_view address = text_member(ready, "\"listen\"");
    wechat_port_ = address.substr(address.rfind(':'));
}

void try_out::start_server(const try_out_options& wanted, const std::string& appid, std::size_t connections) {
    write_private_file(file("secret"), secret);
    write_private_file(
        file("wxlogind.toml"), "# Written by wxlogin-bench --try-out.\n"
                               "[server]\nlisten = \"127.0.0.1:0\"\ninternal_listen = \"127.0.0.1:0\"\n"
                               // The internal listener takes an eighth.
                               "max_connections = " +
                                   std::to_string(8 * connections + 1024) +
                                   "\n"
                                   "threads = " +
                                   std::to_string(wanted.server_threads) +
                                   "\ndrain_delay_ms = 0\n"
                                   // Whoever asks for a thousand at once wants to know how long they take.
                                   "max_queue_time_ms = 0\n"
                                   "[wechat]\nbase_url = \"https://localhost" +
                                   wechat_port_ +
                                   "\"\nca_file = \"ca.pem\"\n"
                                   "[[apps]]\nappid = \"" +
                                   appid +
                                   "\"\nsecret_file = \"secret\"\n"
                                   "[storage]\nurl = \"sqlite:wxlogind.db\"\n"
                                   "[tokens]\nkeys_file = \"keys.toml\"\n"
                                   // No quotas: it is they that would be measured.
                                   "[limits]\nrequests_per_user = 0\n"
                                   "logins_per_app = 0\n"
                                   "[log]\nformat = \"json\"\n");
    std::vector<std::string> environment;
    if (wanted.counts_allocations) {
        const auto library = programs_ / "libwx_allocations.so";
        if (!std::filesystem::exists(library))
            throw std::runtime_error{"--allocations needs " + library.string() + ", which is not there"};
        allocations_ = file("allocations");
        write_private_file(allocations_, std::string(allocation_counters, '\0'));
        environment = {"LD_PRELOAD=" + library.string(), "WXLOGIN_ALLOCATIONS=" + allocations_};
    }
    server_.emplace(
        std::vector<std::string>{
            (programs_ / "wxlogind").string(), "serve", "--config", file("wxlogind.toml")},
        file("wxlogind.log"), wanted.server_cpus, environment);
    const std::string serving = server_->wait_for_line("\"serving\"");
    public_ = text_member(serving, "\"listen\"");
    internal_ = text_member(serving, "\"internal_listen\"");
}

} // namespace wxlogind::load
