// Counts the instructions of a login and of a token check, and compares them with the baseline.
#include "bench/instructions/baseline.hpp"
#include "bench/instructions/callgrind_run.hpp"
#include "bench/instructions/syscall_run.hpp"

#include "tests/support/child_process.hpp"

#include <cstdio>
#include <cstdlib>
#include <exception>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string_view>

using namespace wxlogind;

namespace {

constexpr const char* usage =
    "Usage: login_instructions [--update | --syscalls]\n"
    "  counts the instructions of a login and of a token check under callgrind, and compares them with\n"
    "  bench/instructions/baseline.txt; exit status 1 when one costs over 5 % more\n"
    "  --update    writes the baseline instead\n"
    "  --syscalls  system calls per request instead, by strace: for information\n";

std::string baseline_file() {
    return test::source_path("bench/instructions/baseline.txt");
}

std::string content_of(const std::string& path) {
    std::ostringstream text;
    text << std::ifstream{path}.rdbuf();
    return text.str();
}

int compare_with_baseline(const std::vector<bench::request_cost>& costs, const std::string& profiles) {
    const auto found = bench::compare(costs, bench::parse_baseline(content_of(baseline_file())));
    std::fputs(found.table.c_str(), stdout);
    if (found.is_dearer) {
        std::printf(
            "\nA request costs over 5 %% more instructions than the baseline. Where they go:\n"
            "    callgrind_annotate %s/returning_login.callgrind\n"
            "If that is on purpose, move the baseline, commit it, and say why:\n"
            "    bench/instructions/update\n",
            profiles.c_str());
        return EXIT_FAILURE;
    }
    if (found.is_cheaper)
        std::puts("\nCheaper than the baseline by over 5 %: keep that with bench/instructions/update.");
    return EXIT_SUCCESS;
}

int run(std::string_view option) {
    if (option == "--syscalls") {
        std::fputs(bench::count_syscalls().c_str(), stdout);
        return EXIT_SUCCESS;
    }
    const std::string profiles = test::program_path("../instructions");
    const auto costs = bench::count_instructions(profiles);
    if (option.empty()) return compare_with_baseline(costs, profiles);

    const std::string text = bench::to_baseline_text(costs);
    std::ofstream file{baseline_file(), std::ios::trunc};
    file << text;
    file.close();
    std::fputs(text.c_str(), stdout);
    return file ? EXIT_SUCCESS : EXIT_FAILURE;
}

// What ctest would say to the support of the tests, when it was not ctest that started this.
void find_programs() {
    const auto self = std::filesystem::read_symlink("/proc/self/exe");
    ::setenv("WXLOGIND_BIN_DIR", self.parent_path().c_str(), 0);
    ::setenv("WXLOGIND_SOURCE_DIR", WXLOGIND_SOURCE_DIR, 0);
}

} // namespace

int main(int argc, char** argv) try {
    find_programs();
    const std::string_view option = argc > 1 ? argv[1] : "";
    if (option == "--help") {
        std::fputs(usage, stdout);
        return EXIT_SUCCESS;
    }
    if (argc > 2 || !(option.empty() || option == "--update" || option == "--syscalls")) {
        std::fputs(usage, stderr);
        return 2;
    }
    return run(option);
} catch (const std::exception& e) {
    std::fprintf(stderr, "login_instructions: %s\n", e.what());
    return EXIT_FAILURE;
}
