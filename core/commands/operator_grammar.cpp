#include "core/commands/operator_grammar.hpp"

#include "core/base/encoding.hpp"
#include "core/base/json_text.hpp"
#include "storage/audit_events.hpp"

#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>

#include <fstream>
#include <iostream>
#include <memory>
#include <utility>
#include <vector>

namespace wxlogind {

namespace {

using enum net::method;

// What a command is made of while its words are read.
struct words {
    std::string id;
    std::vector<std::pair<std::string, std::string>> query;
};
using shared_words = std::shared_ptr<words>; // CLI11 keeps references to what it fills

CLI::App*
add_command(CLI::App& to, const std::string& name, const std::string& purpose, operator_command& into) {
    auto* const command = to.add_subcommand(name, purpose);
    command->add_option("--config", into.config_file, "The configuration (TOML)")
        ->required()
        ->type_name("FILE");
    add_service_key_option(*command, into.service_key_file);
    command->add_flag("--json", into.as_json, "Print the server's JSON as it is");
    return command;
}

struct action {
    const char* name;
    const char* purpose;
    net::method verb;
    const char* before; // of the path, around the id
    const char* behind;
    answer_shape shape;
    const char* id_name;
};

void add_action(CLI::App& to, const action& what, operator_command& into) {
    auto* const command = add_command(to, what.name, what.purpose, into);
    const auto given = std::make_shared<words>();
    command->add_option(what.id_name, given->id, "Its id")->required();
    command->callback([given, what, &into] {
        into.what.verb = what.verb;
        into.what.target = what.before + percent_encode(given->id) + what.behind;
        into.shape = what.shape;
    });
}

// --NAME VALUE becomes a parameter of the query. The command's callback keeps `given`.
CLI::Option* add_parameter(
    CLI::App& to, const shared_words& given, const std::string& option, const char* name,
    const std::string& purpose) {
    const auto add = [given = given.get(), name](const std::string& value) {
        given->query.emplace_back(name, value);
    };
    return to.add_option_function<std::string>(option, add, purpose);
}

// In the place of a file's name, "-" for standard input. Returns the error, or nothing.
std::string take_first_line(std::string& file) {
    std::ifstream opened;
    if (file != "-") opened.open(file);
    std::string line;
    if (!std::getline(file == "-" ? std::cin : opened, line)) return "cannot be read, or is empty: " + file;
    file = line;
    return {};
}

// --NAME FILE: its first line does. For what is not to stand in an argument, which everybody on the machine
// sees, nor in a shell's history.
void add_parameter_from_file(
    CLI::App& to, const shared_words& given, const std::string& option, const char* name,
    const std::string& purpose) {
    add_parameter(to, given, option, name, purpose)
        ->transform(CLI::Validator{&take_first_line, ""})
        ->type_name("FILE");
}

void add_list(
    CLI::App& command, const shared_words& given, const std::string& path, answer_shape shape,
    operator_command& into) {
    add_parameter(command, given, "--limit", "limit", "So many a page: 1 to 200, else 50");
    add_parameter(command, given, "--cursor", "cursor", "Go on where a page ended: its \"next\"");
    command.add_flag("--all", into.every_page, "Page after page, to the end");
    command.callback([given, path, shape, &into] {
        into.what.target = path;
        char separator = '?';
        for (const auto& [name, value] : given->query) {
            into.what.target += std::exchange(separator, '&') + name + '=' + percent_encode(value);
        }
        into.shape = shape;
    });
}

void add_merge(CLI::App& users, operator_command& into) {
    auto* const command =
        add_command(users, "merge", "Two users are one person: the younger goes into the older", into);
    const auto both = std::make_shared<std::pair<std::string, std::string>>();
    command->add_option("USER", both->first, "The id of one")->required();
    command->add_option("OTHER", both->second, "The id of the other")->required();
    command->callback([both, &into] {
        into.what.verb = post;
        into.what.target = "/users/merge";
        into.what.body = R"({"user":)";
        append_json_string(into.what.body, both->first);
        into.what.body += R"(,"other":)";
        append_json_string(into.what.body, both->second);
        into.what.body += '}';
        into.shape = answer_shape::document;
    });
}

void add_users(CLI::App& to, operator_command& into) {
    auto* const users = to.add_subcommand("users", "Find and administer users");
    users->require_subcommand(1);
    users->footer("On a running server through server.internal_listen, else on its files.");
    auto* const list =
        add_command(*users, "list", "Users, newest first, or those that are searched for", into);
    const auto given = std::make_shared<words>();
    add_parameter(*list, given, "--id", "id", "By id");
    add_parameter(*list, given, "--openid", "openid", "By openid, in any app");
    add_parameter(*list, given, "--unionid", "unionid", "By unionid");
    add_parameter(*list, given, "--nick-name", "nickName", "By the beginning of the nick name");
    add_parameter_from_file(
        *list, given, "--phone-from", "phone",
        "By the phone number that FILE holds, \"-\" being standard input: it is not to be seen among the "
        "arguments. With its country code, +86…; without one it is of the mainland");
    list->add_flag_callback(
        "--banned", [given] { given->query.emplace_back("state", "banned"); }, "Those who are banned");
    add_list(*list, given, "/users", answer_shape::users, into);

    constexpr auto nothing = answer_shape::nothing;
    constexpr auto document = answer_shape::document;
    for (const action& each : {
             action{"show", "One user", get, "/users/", "", document, "USER"},
             action{"export", "All that is stored about a user", get, "/users/", "/export", document, "USER"},
             action{
                 "ban", "End the user's sessions and let in no more", post, "/users/", "/ban", nothing,
                 "USER"},
             action{"unban", "Let the user in again", post, "/users/", "/unban", nothing, "USER"},
             action{"revoke", "End the user's sessions", post, "/users/", "/revoke", nothing, "USER"},
             action{"delete", "Erase the user, for good", delete_, "/users/", "", nothing, "USER"},
             action{
                 "unmerge", "Undo the merge of a user: all sessions of both end", post, "/users/", "/unmerge",
                 document, "USER"},
         })
        add_action(*users, each, into);
    add_merge(*users, into);
}

void add_sessions(CLI::App& to, operator_command& into) {
    auto* const sessions = to.add_subcommand("sessions", "See and end sessions");
    sessions->require_subcommand(1);
    constexpr auto nothing = answer_shape::nothing;
    for (const action& each : {
             action{
                 "list", "The sessions of a user", get, "/users/", "/sessions", answer_shape::sessions,
                 "USER"},
             action{"revoke", "End one session", post, "/sessions/", "/revoke", nothing, "SESSION"},
         })
        add_action(*sessions, each, into);
}

void add_audit(CLI::App& to, operator_command& into) {
    auto* const audit = add_command(to, "audit", "Who did what to whom, newest first", into);
    const auto given = std::make_shared<words>();
    add_parameter(
        *audit, given, "--user", "user", "Of this user alone, also under ids that were merged into it");
    std::vector<std::string> events;
    for (const auto& [event, name] : storage::audit_event_names) events.emplace_back(name);
    add_parameter(*audit, given, "--event", "event", "Of this kind alone:")
        ->check(CLI::IsMember{std::move(events)});
    add_list(*audit, given, "/audit", answer_shape::records, into);
}

} // namespace

void add_service_key_option(CLI::App& to, std::string& file) {
    to.add_option(
          "--service-key-file", file,
          "A service key, where the server wants one; else $WXLOGIND_SERVICE_KEY_FILE, else systemd's "
          "credential service_key")
        ->type_name("FILE");
}

void add_reseal_command(CLI::App& keys, operator_command& into) {
    auto* const command = add_command(
        keys, "reseal", "Seal again, under the newest sealing key, what older ones have sealed", into);
    command->callback([&into] {
        into.what.verb = post;
        into.what.target = "/keys/reseal";
        into.shape = answer_shape::progress;
    });
}

void add_operator_commands(CLI::App& to, operator_command& into) {
    add_users(to, into);
    add_sessions(to, into);
    add_audit(to, into);
}

} // namespace wxlogind
