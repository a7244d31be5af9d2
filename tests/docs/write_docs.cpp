// write_docs DIRECTORY: the pages of docs/ that are made from the code.
#include "tests/docs/errcode_page.hpp"

#include <cstdio>
#include <cstdlib>
#include <exception>
#include <fstream>

namespace {

using namespace wxlogind::test;

void write(const std::string& path, const std::string& text) {
    std::ofstream file{path, std::ios::trunc};
    file.exceptions(std::ios::badbit | std::ios::failbit);
    file << text;
}

} // namespace

int main(int argc, char** argv) {
    try {
        if (argc != 2) throw std::runtime_error{"Usage: write_docs DIRECTORY"};
        const std::string directory{argv[1]};
        write(directory + "/wechat-errcodes.md", render_errcode_page(page_language::english));
        write(directory + "/wechat-errcodes.zh-CN.md", render_errcode_page(page_language::chinese));
        return EXIT_SUCCESS;
    } catch (const std::exception& e) {
        std::fprintf(stderr, "write_docs: %s\n", e.what());
        return EXIT_FAILURE;
    }
}
