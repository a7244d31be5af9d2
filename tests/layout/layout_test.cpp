#include "tests/layout/layout_rules.hpp"
#include "tests/layout/source_tree.hpp"
#include "tests/support/file_content.hpp"

#include <boost/test/unit_test.hpp>

#include <cstdlib>

using namespace wxlogind::test;

namespace {

std::filesystem::path root() {
    const char* const directory = std::getenv("WXLOGIND_SOURCE_DIR");
    BOOST_TEST_REQUIRE((directory != nullptr), "WXLOGIND_SOURCE_DIR is not set");
    return directory;
}

using rule = std::string (*)(const source_file&);

void hold_in_whole_tree(rule check) {
    const auto files = read_source_tree(root());
    BOOST_TEST(files.size() > 50u);
    for (const source_file& file : files) {
        const std::string wrong = check(file);
        BOOST_TEST(wrong == "", file.path << " " << wrong);
    }
}

source_file made_of(std::string path, std::string text) {
    return read_source(std::move(path), std::move(text));
}

// What the compiler is called for, as CMake writes it next to the build.
std::string compile_commands() {
    const char* const programs = std::getenv("WXLOGIND_BIN_DIR");
    BOOST_TEST_REQUIRE((programs != nullptr), "WXLOGIND_BIN_DIR is not set");
    return content_of(std::filesystem::path{programs}.parent_path() / "compile_commands.json");
}

// Of what is built on demand only, such as the micro-benchmarks.
bool is_named_next_to_it(const std::filesystem::path& path) {
    return content_of(path.parent_path() / "CMakeLists.txt").find(path.filename()) != std::string::npos;
}

} // namespace

BOOST_AUTO_TEST_SUITE(layout)

BOOST_AUTO_TEST_CASE(includes_of_our_headers_point_downwards) {
    hold_in_whole_tree(&check_include_directions);
}

BOOST_AUTO_TEST_CASE(libraries_stay_behind_the_files_named_for_them) {
    hold_in_whole_tree(&check_library_includes);
}

BOOST_AUTO_TEST_CASE(every_header_can_be_included_twice) {
    hold_in_whole_tree(&check_header_guard);
}

BOOST_AUTO_TEST_CASE(no_file_is_too_long_to_be_read) {
    hold_in_whole_tree(&check_size);
}

BOOST_AUTO_TEST_CASE(every_source_is_built) {
    const std::string commands = compile_commands();
    BOOST_TEST_REQUIRE(!commands.empty());
    for (const source_file& file : read_source_tree(root())) {
        if (file.is_header()) continue;
        const auto path = root() / file.path;
        const bool is_built = commands.find("\"file\": \"" + path.string() + "\"") != std::string::npos;
        BOOST_TEST((is_built || is_named_next_to_it(path)), file.path << " is in no CMakeLists.txt");
    }
}

BOOST_AUTO_TEST_CASE(the_rules_notice_what_they_are_for) {
    const auto direction = [](std::string path, std::string text) {
        return check_include_directions(made_of(std::move(path), std::move(text)));
    };
    BOOST_TEST(direction("core/net/a.cpp", "#include \"core/base/b.hpp\"\n") == "");
    BOOST_TEST(direction("core/base/a.cpp", "#include \"core/net/b.hpp\"\n") != "");
    BOOST_TEST(direction("storage/sqlite/a.cpp", "#include \"handlers/b.hpp\"\n") != "");
    BOOST_TEST(direction("handlers/a.cpp", "#include \"storage/store.hpp\"\n") == "");
    BOOST_TEST(direction("handlers/a.cpp", "#include \"storage/sqlite/b.hpp\"\n") != "");
    BOOST_TEST(direction("handlers/a.cpp", "#include \"core/server/server.hpp\"\n") != "");
    BOOST_TEST(direction("core/server/server.cpp", "#include \"storage/sqlite/b.hpp\"\n") == "");
    BOOST_TEST(direction("core/server/server.cpp", "#include \"tests/b.hpp\"\n") != "");
    BOOST_TEST(direction("core/base/a.cpp", "#include \"b.hpp\"\n") != "");
    BOOST_TEST(direction("elsewhere/a.cpp", "") != "");

    const auto library = [](std::string path, std::string text) {
        return check_library_includes(made_of(std::move(path), std::move(text)));
    };
    BOOST_TEST(library("storage/sqlite/a.cpp", "#include <sqlite3.h>\n") == "");
    BOOST_TEST(library("storage/store.hpp", "#include <sqlite3.h>\n") != "");
    BOOST_TEST(library("handlers/a.cpp", "  #include <boost/beast/http.hpp>\n") != "");
    BOOST_TEST(library("core/base/secret.hpp", "#include <openssl/crypto.h>\n") == "");
    BOOST_TEST(library("core/base/secret.hpp", "#include <openssl/evp.h>\n") != "");

    BOOST_TEST(check_header_guard(made_of("core/a.hpp", "// about\nint a;\n")) != "");
    BOOST_TEST(check_header_guard(made_of("core/a.cpp", "int a;\n")) == "");
    std::string long_text;
    for (int i = 0; i < 400; ++i) long_text += "int a;\n\n// why\n";
    BOOST_TEST(check_size(made_of("core/a.cpp", long_text)) == "");
    BOOST_TEST(check_size(made_of("core/a.cpp", long_text + "int b;\n")) != "");
}

BOOST_AUTO_TEST_SUITE_END()
