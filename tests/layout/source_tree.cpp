#include "tests/layout/source_tree.hpp"
#include "tests/support/file_content.hpp"

#include <algorithm>
#include <sstream>

namespace wxlogind::test {

namespace {

std::string_view without_leading_space(std::string_view line) {
    const auto first = line.find_first_not_of(" \t");
    return first == std::string_view::npos ? std::string_view{} : line.substr(first);
}

void note_include(source_file& file, std::string_view line) {
    constexpr std::string_view directive = "#include ";
    if (!line.starts_with(directive)) return;
    line.remove_prefix(directive.size());
    const char open = line.empty() ? '\0' : line.front();
    const auto close = line.find(open == '<' ? '>' : '"', 1);
    if ((open != '<' && open != '"') || close == std::string_view::npos) return;
    (open == '<' ? file.system_includes : file.quoted_includes).emplace_back(line.substr(1, close - 1));
}

} // namespace

source_file read_source(std::string path, std::string text) {
    source_file file;
    file.path = std::move(path);
    file.text = std::move(text);
    std::istringstream lines{file.text};
    for (std::string raw; std::getline(lines, raw);) {
        const std::string_view line = without_leading_space(raw);
        if (!line.empty() && !line.starts_with("//")) ++file.code_lines;
        note_include(file, line);
    }
    return file;
}

std::vector<source_file> read_source_tree(const std::filesystem::path& root) {
    std::vector<source_file> files;
    for (const std::string_view directory : {"core", "storage", "handlers", "bench", "tests"}) {
        std::filesystem::recursive_directory_iterator each{root / directory};
        for (; each != std::filesystem::recursive_directory_iterator{}; ++each) {
            if (each->path().filename() == "node_modules") each.disable_recursion_pending();
            const std::string extension = each->path().extension();
            if (extension != ".cpp" && extension != ".hpp") continue;
            files.push_back(
                read_source(each->path().lexically_relative(root).string(), content_of(each->path())));
        }
    }
    std::sort(files.begin(), files.end(), [](const auto& a, const auto& b) { return a.path < b.path; });
    return files;
}

} // namespace wxlogind::test
