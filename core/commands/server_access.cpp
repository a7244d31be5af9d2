#include "core/commands/server_access.hpp"

#include "core/base/log.hpp"
#include "core/base/secret_file.hpp"
#include "core/base/system_user.hpp"
#include "core/commands/operator_output.hpp"
#include "handlers/acting_for.hpp"
#include "storage/open_store.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <stdexcept>
#include <system_error>
#include <thread>

namespace wxlogind {

namespace {

std::string environment(const char* name) {
    const char* const value = std::getenv(name); // before any thread is started
    return value == nullptr ? std::string{} : value;
}

constexpr std::chrono::minutes patience{5}; // an export looks through all sessions

// Files that a command makes as another user are files that the server cannot open.
void check_owner(const std::string& file) {
    struct stat found{};
    if (::stat(file.c_str(), &found) != 0)
        throw std::runtime_error{"no server runs, and none has run here yet: there is no " + file};
    if (found.st_uid == ::geteuid()) return;
    throw std::runtime_error{
        "no server runs; to do it on its files, run this as the user who owns them: " +
        name_of_user(found.st_uid)};
}

} // namespace

// For the sockets of a server that nobody else is to reach.
class server_access::private_directory {
public:
    private_directory() {
        std::string name = std::filesystem::temp_directory_path() / "wxlogind-XXXXXX";
        if (::mkdtemp(name.data()) == nullptr)
            throw std::system_error{errno, std::generic_category(), "make " + name};
        path_ = name;
    }
    ~private_directory() {
        std::error_code ignored;
        std::filesystem::remove_all(path_, ignored);
    }
    private_directory(const private_directory&) = delete;
    private_directory& operator=(const private_directory&) = delete;

    [[nodiscard]] std::string socket(std::string_view name) const {
        return "unix:" + (path_ / name).string();
    }

private:
    std::filesystem::path path_;
};

server_access::server_access(const config& settings, std::string service_key)
    : address_{settings.server.internal_listen}, service_key_{std::move(service_key)} {
    try {
        const net::question alive{.target = "/healthz", .body = {}, .fields = {}};
        (void)net::ask(address_, alive, std::chrono::seconds{10});
    } catch (const std::system_error& why) {
        start_own_server(settings, why.code().message());
    }
}

server_access::~server_access() {
    if (own_) own_->stop();
}

void server_access::start_own_server(config settings, const std::string& why_not_running) {
    check_owner(settings.tokens.keys_file);
    if (!storage::has_database(settings.storage))
        throw std::runtime_error{
            "no server answers at " + address_ + ", and there is no database yet: " + settings.storage.url};
    set_log_level(log_level::error);
    sockets_ = std::make_unique<private_directory>();
    settings.server.listen = sockets_->socket("public");
    settings.server.internal_listen = sockets_->socket("internal");
    settings.server.threads = 1;
    settings.wechat.base_url = "https://127.0.0.1:1"; // nobody logs in meanwhile
    try {
        own_ = std::make_unique<server>(settings, clock_);
    } catch (const std::exception& why) {
        throw std::runtime_error{
            "no server answers at " + address_ + " (" + why_not_running +
            "), and it cannot be done without one: " + why.what()};
    }
    own_->start();
    address_ = own_->internal_address();
}

net::answer server_access::ask(net::question what) const {
    what.fields.emplace_back(handlers::operator_field, name_of_user(::geteuid()));
    if (!service_key_.empty()) what.fields.emplace_back("Authorization", "Bearer " + service_key_);
    try {
        return net::ask(address_, what, patience);
    } catch (const std::system_error& why) {
        throw std::runtime_error{"the server at " + address_ + ": " + why.what()};
    }
}

std::string service_key_in(std::string file) {
    if (file.empty()) file = environment("WXLOGIND_SERVICE_KEY_FILE");
    if (file.empty()) {
        const std::string credentials = environment("CREDENTIALS_DIRECTORY");
        std::error_code ignored;
        if (!credentials.empty() && std::filesystem::exists(credentials + "/service_key", ignored))
            file = credentials + "/service_key";
    }
    return file.empty() ? std::string{} : std::string{read_secret_file(file).reveal()};
}

net::answer wait_for_end(const server_access& server, const std::string& target, net::answer begun) {
    const net::question look{.target = target, .body = {}, .fields = {}};
    while (begun.status < 300 && is_running(begun.body)) {
        std::this_thread::sleep_for(std::chrono::milliseconds{200});
        begun = server.ask(look);
    }
    return begun;
}

} // namespace wxlogind
