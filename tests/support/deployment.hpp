// A wxlogind with a simulated WeChat in front of a real database file: the two programs, as they are shipped.
#pragma once

#include "tests/support/leak_watch.hpp"
#include "tests/support/simulated_wechat.hpp"

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace wxlogind::test {

struct deployment_options {
    // TOML lines for the sections of the configuration; addresses, paths and secrets are filled in.
    std::string server;
    std::string listen{"127.0.0.1:0"}; // one of free_port(), where it has to be the same after a restart
    std::string internal_address{"127.0.0.1:0"};
    std::string public_socket;   // a file name, for the public listener to be a Unix socket
    std::string internal_socket; // a file name, for the internal listener to be a Unix socket
    std::string wechat;
    std::string base_url; // in place of the simulator's
    std::string storage;
    std::string tokens;
    std::string first_app; // its section
    std::string sections;  // whole sections
    bool two_apps{false};
    unsigned threads{2};
    std::vector<std::string> simulator; // further arguments
    std::string log_level{"debug"};
    std::string log; // further lines of its section; with a format of its own reload() is not to be used
    // What runs wxlogind: by default the program itself, or what WXLOGIND_TEST_LAUNCHER
    // names with the program behind it. Under a tool: the tool, its arguments, the program.
    std::vector<std::string> program;
    std::chrono::seconds patience{30}; // with its start and its end
};

class deployment {
public:
    explicit deployment(deployment_options options = {});
    // Searches what the server leaves behind for secrets: leak_watch.hpp.
    ~deployment();
    deployment(const deployment&) = delete;
    deployment& operator=(const deployment&) = delete;

    [[nodiscard]] const std::string& public_address() const noexcept { return public_; }
    [[nodiscard]] const std::string& internal_address() const noexcept { return internal_; }
    [[nodiscard]] const std::string& control_address() const noexcept { return wechat_.control_address(); }
    [[nodiscard]] std::string wechat_url() const { return wechat_.base_url(); }
    [[nodiscard]] std::string wechat_record() const { return wechat_.record(); } // see simulated_wechat
    [[nodiscard]] child_process& wxlogind() noexcept { return *wxlogind_; }
    [[nodiscard]] std::string database() const { return files_.file("wxlogind.db"); }
    [[nodiscard]] std::string file(std::string_view name) const { return files_.file(name); }
    [[nodiscard]] std::string output() const { return wxlogind_->output(); } // of wxlogind: its log
    // Beside the configuration, for its owner alone.
    void write_file(std::string_view name, std::string_view content);

    // Writes the configuration again with other options; the program that runs does not know of it.
    void configure(const std::function<void(deployment_options&)>& change);
    // SIGHUP, and the line of the log that says what came of it: "SIGHUP: reloaded" or "SIGHUP: refused…".
    boost::json::object reload();

    // (Re)starts wxlogind with the same files; its ports may change.
    void start_wxlogind();
    // SIGKILL, and wait.
    void kill_wxlogind();
    // SIGTERM, and wait: the exit status.
    int stop_wxlogind();

    // See simulated_wechat.
    [[nodiscard]] std::string mint_code(std::string_view user, std::string_view appid = first_appid) const {
        return wechat_.mint_code(user, appid);
    }
    void inject(std::string_view fault_json) const { wechat_.inject(fault_json); }
    void clear_faults() const { wechat_.clear_faults(); }
    [[nodiscard]] unsigned exchanges_of(std::string_view code) const { return wechat_.exchanges_of(code); }

    // GET /login?code=… with further query text ("&city=…").
    [[nodiscard]] http_reply log_in(std::string_view code, std::string_view more_query = {}) const;

private:
    void write_configuration();
    void search_for_leaks();

    temporary_directory files_;
    leak_watch leaks_{files_.path()};
    deployment_options options_;
    simulated_wechat wechat_;
    std::unique_ptr<child_process> wxlogind_;
    std::string public_;
    std::string internal_;
};

} // namespace wxlogind::test
