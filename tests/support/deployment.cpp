#include "tests/support/deployment.hpp"

#include <boost/json.hpp>

#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <thread>

namespace wxlogind::test {

namespace {

void write_private_file(const std::string& path, std::string_view text) {
    std::ofstream file{path, std::ios::trunc};
    file << text;
    file.close();
    using std::filesystem::perms;
    std::filesystem::permissions(path, perms::owner_read | perms::owner_write);
    if (!file) throw std::runtime_error{"cannot write " + path};
}

std::vector<std::string> usual_program() {
    std::vector<std::string> command{program_path("wxlogind")};
    const char* const launcher = std::getenv("WXLOGIND_TEST_LAUNCHER"); // NOLINT(concurrency-mt-unsafe)
    if (launcher != nullptr) command.insert(command.begin(), launcher);
    return command;
}

std::string in_quotes(const std::string& text) {
    return '"' + text + '"';
}

} // namespace

deployment::deployment(deployment_options options)
    : options_{std::move(options)}, wechat_{options_.simulator} {
    write_file("first.secret", first_secret);
    write_file("second.secret", second_secret);
    write_configuration();
    start_wxlogind();
}

deployment::~deployment() {
    if (report_leak == nullptr) return;
    try {
        search_for_leaks();
    } catch (const std::exception& error) {
        report_leak(std::string{"the search for leaks failed: "} + error.what());
    }
}

void deployment::search_for_leaks() {
    leaks_.search(wechat_.record());
    // Not by SIGKILL: the last lines of the log are still to be written. The second signal is a fast exit.
    const auto limit = std::chrono::steady_clock::now() + std::chrono::seconds{10};
    while (!wxlogind_->poll() && std::chrono::steady_clock::now() < limit) {
        wxlogind_->send_signal(SIGTERM);
        std::this_thread::sleep_for(std::chrono::milliseconds{2});
    }
    leaks_.search(wechat_.record());
}

void deployment::write_configuration() {
    const std::string internal = options_.internal_socket.empty()
                                     ? options_.internal_address
                                     : "unix:" + files_.file(options_.internal_socket);
    const std::string open =
        options_.public_socket.empty() ? options_.listen : "unix:" + files_.file(options_.public_socket);
    std::string text = "[server]\nlisten = " + in_quotes(open) + "\n";
    text += "internal_listen = " + in_quotes(internal) + "\n";
    text += "threads = " + std::to_string(options_.threads) + "\n" + options_.server;
    if (options_.server.find("drain_delay_ms") == std::string::npos) text += "drain_delay_ms = 0\n";
    text += "\n[wechat]\nbase_url = " +
            in_quotes(options_.base_url.empty() ? wechat_.base_url() : options_.base_url) + "\n";
    text += "ca_file = " + in_quotes(wechat_.ca_file()) + "\n" + options_.wechat;
    text += "\n[[apps]]\nappid = " + in_quotes(std::string{first_appid}) + "\n";
    text += "secret_file = " + in_quotes(files_.file("first.secret")) + "\n" + options_.first_app;
    if (options_.two_apps) {
        text += "\n[[apps]]\nappid = " + in_quotes(std::string{second_appid}) + "\n";
        text += "secret_file = " + in_quotes(files_.file("second.secret")) + "\n";
    }
    text += "\n[storage]\nurl = " + in_quotes("sqlite:" + database()) + "\n" + options_.storage;
    text += "\n[tokens]\nkeys_file = " + in_quotes(files_.file("keys.toml")) + "\n" + options_.tokens;
    text += "\n" + options_.sections;
    text += "\n[log]\nlevel = " + in_quotes(options_.log_level) + "\n" + options_.log;
    if (options_.log.find("format") == std::string::npos) text += "format = \"json\"\n";
    write_file("wxlogind.toml", text);
}

void deployment::write_file(std::string_view name, std::string_view content) {
    leaks_.wrote(name, content);
    write_private_file(files_.file(name), content);
}

void deployment::configure(const std::function<void(deployment_options&)>& change) {
    change(options_);
    write_configuration();
}

boost::json::object deployment::reload() {
    std::ifstream log{files_.file("wxlogind.log")};
    log.seekg(0, std::ios::end);
    wxlogind_->send_signal(SIGHUP);
    const auto limit = std::chrono::steady_clock::now() + options_.patience;
    std::string line;
    while (std::chrono::steady_clock::now() < limit) {
        std::string piece;
        std::getline(log, piece);
        line += piece;
        if (log.eof()) { // not whole yet
            log.clear();
            std::this_thread::sleep_for(std::chrono::milliseconds{1});
            continue;
        }
        if (line.find("\"SIGHUP: reloaded\"") != std::string::npos ||
            line.find("\"SIGHUP: refused") != std::string::npos)
            return boost::json::parse(line).as_object();
        line.clear();
    }
    throw std::runtime_error{"the reload did not come to an end; output:\n" + wxlogind_->output()};
}

void deployment::start_wxlogind() {
    wxlogind_.reset();
    leaks_.ended(files_.file("wxlogind.log"));
    std::vector<std::string> command = options_.program;
    if (command.empty()) command = usual_program();
    command.insert(command.end(), {"serve", "--config", files_.file("wxlogind.toml")});
    wxlogind_ = std::make_unique<child_process>(std::move(command), files_.file("wxlogind.log"));
    const std::string serving = wxlogind_->wait_for_line(
        [](std::string_view line) { return line.find(R"("message":"serving")") != std::string_view::npos; },
        options_.patience);
    const auto line = boost::json::parse(serving).as_object();
    public_ = text_of(line, "listen");
    internal_ = text_of(line, "internal_listen");
    leaks_.started(wxlogind_->pid(), public_, internal_);
}

void deployment::kill_wxlogind() {
    wxlogind_->send_signal(SIGKILL);
    wxlogind_->wait();
}

int deployment::stop_wxlogind() {
    wxlogind_->send_signal(SIGTERM);
    return wxlogind_->wait(options_.patience);
}

http_reply deployment::log_in(std::string_view code, std::string_view more_query) const {
    std::string target{"/login?code="};
    target += code;
    target += more_query;
    return http_get(public_, target);
}

} // namespace wxlogind::test
