// A service key, for back ends on the internal listener.
#pragma once

#include "tests/support/deployment.hpp"
#include "tests/support/temporary_directory.hpp"

#include <boost/json.hpp>

#include <stdexcept>
#include <string>
#include <vector>

namespace wxlogind::test {

struct made_key {
    std::string key;
    std::string section;
};

// As an operator makes one.
inline made_key make_key(const std::string& name, const std::vector<std::string>& scopes) {
    const temporary_directory files;
    std::vector<std::string> argv{program_path("wxlogind"), "service-key", "new", name, "--json"};
    for (const std::string& each : scopes) argv.insert(argv.end(), {"--scope", each});
    child_process program{argv, files.file("out")};
    if (program.wait() != 0) throw std::runtime_error{program.output()};
    const auto made = boost::json::parse(program.output()).as_object();
    note_service_key(text_of(made, "key"));
    return {
        text_of(made, "key"), "[[service_keys]]\nname = \"" + name + "\"\nhash = \"" + text_of(made, "hash") +
                                  "\"\nscopes = " + boost::json::serialize(made.at("scopes")) + "\n"};
}

} // namespace wxlogind::test
