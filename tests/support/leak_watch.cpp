#include "tests/support/leak_watch.hpp"

#include "tests/support/file_content.hpp"
#include "tests/support/secret_search.hpp"
#include "tests/support/traces.hpp"

#include <boost/json.hpp>

#include <mutex>

namespace wxlogind::test {

namespace json = boost::json;

namespace {

std::mutex service_keys_lock;
std::set<std::string> service_keys;

// What is sought where.
struct searches {
    secret_search never_shown;   // to nobody
    secret_search for_its_owner; // shown to somebody and to nobody else
};

void add_key(secret_search& to, std::string_view what, std::string_view key) {
    to.add(what, key);
    const std::string bytes = decoded(key);
    // Keys of zeros are a test's, and so is much else.
    if (!bytes.empty() && bytes.find_first_not_of(bytes.front()) != std::string::npos) to.add(what, bytes);
}

void add_text(searches& to, std::string_view name, std::string_view text) {
    if (text.size() < least_secret) return;
    if (name == "session_key" || name == "previous_session_key")
        add_key(to.never_shown, "a session_key", text);
    else if (name == "code" || name == "codes")
        to.never_shown.add("a code", text);
    else if (name == "encryptedData")
        to.never_shown.add("encrypted data", text);
    else if (name == "encrypt_key")
        add_key(to.for_its_owner, "an encrypt key", text);
    else if (name == "access_token")
        to.for_its_owner.add("an access token", text);
    else if (name == "phone" || name == "purePhoneNumber")
        to.for_its_owner.add("a phone number", text);
}

// Every secret in a call, by its name. JSON within a text is looked at, too: payloads, faults.
void add_value(searches& to, std::string_view name, const json::value& value) {
    if (value.is_object())
        for (const auto& member : value.get_object()) add_value(to, member.key(), member.value());
    if (value.is_array())
        for (const auto& each : value.get_array()) add_value(to, name, each);
    if (!value.is_string()) return;
    const std::string_view text{value.get_string()};
    add_text(to, name, text);
    if (!text.starts_with('{')) return;
    boost::system::error_code is_none;
    const json::value inside = json::parse(text, is_none);
    if (!is_none) add_value(to, name, inside);
}

void add_call(searches& to, const json::object& call) {
    const std::string_view path{call.at("path").as_string()};
    std::string_view query{call.at("query").as_string()};
    const std::size_t at = query.find("js_code=");
    if (at != std::string_view::npos) {
        query.remove_prefix(at + 8);
        to.never_shown.add("a code", query.substr(0, query.find('&')));
    }
    if (path == "/codes") to.never_shown.add("a code", std::string_view{call.at("answer").as_string()});
    add_value(to, "body", call.at("body"));
    add_value(to, "answer", call.at("answer"));
}

void add_record(searches& to, const std::filesystem::path& record) {
    std::ifstream file{record};
    for (std::string line; std::getline(file, line);) {
        boost::system::error_code is_torn;
        const json::value call = json::parse(line, is_torn);
        if (!is_torn) add_call(to, call.as_object());
    }
}

} // namespace

void note_service_key(std::string_view key) {
    const std::lock_guard guard{service_keys_lock};
    service_keys.emplace(key);
}

leak_watch::leak_watch(std::filesystem::path files) : files_{std::move(files)} {}

leak_watch::~leak_watch() {
    stop_listening(answers_);
}

void leak_watch::wrote(std::string_view name, std::string_view content) {
    own_files_.emplace(name);
    if (name.ends_with(".secret")) app_secrets_.emplace(content.substr(0, content.find('\n')));
}

void leak_watch::started(
    pid_t server, const std::string& public_address, const std::string& internal_address) {
    if (report_leak == nullptr) return;
    const std::string process = "/proc/" + std::to_string(server);
    said_ += content_of(process + "/cmdline") + content_of(process + "/environ");
    listen_to(public_address, answers_);
    listen_to(internal_address, answers_);
}

void leak_watch::ended(const std::string& log) {
    if (report_leak != nullptr) said_ += content_of(log);
}

void leak_watch::search(const std::filesystem::path& record) {
    searches sought;
    add_record(sought, record);
    for (const std::string& each : app_secrets_) sought.never_shown.add("an AppSecret", each);
    {
        const std::lock_guard guard{service_keys_lock};
        for (const std::string& each : service_keys) sought.never_shown.add("a service key", each);
    }
    for (const std::string& each : answers_->tokens()) sought.for_its_owner.add("a token", each);

    const auto report = [&](std::string_view where, const std::vector<std::string>& found) {
        for (const std::string& what : found) {
            std::string leak = std::string{where} + " holds " + what;
            if (reported_.insert(leak).second) report_leak(leak);
        }
    };
    const auto search_all = [&](std::string_view where, const std::string& text) {
        report(where, sought.never_shown.find_in(text));
        report(where, sought.for_its_owner.find_in(text));
    };
    search_all("an earlier log, argument or variable", said_);
    for (const std::string& each : answers_->public_answers()) search_all("an answer", each);
    for (const std::string& each : answers_->private_answers())
        report("an answer to its owner", sought.never_shown.find_in(each));
    for (const auto& file : std::filesystem::recursive_directory_iterator{files_}) {
        const std::string name = file.path().filename().string();
        if (!file.is_regular_file() || own_files_.contains(name)) continue;
        search_all(name, content_of(file.path()));
    }
}

} // namespace wxlogind::test
