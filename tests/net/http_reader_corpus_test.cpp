// The fuzzer's corpus, and mutations of it, without the fuzzer.
#include "tests/fuzz/http_reader_property.hpp"
#include "tests/support/file_content.hpp"

#include <boost/test/unit_test.hpp>

#include <cstdlib>
#include <filesystem>
#include <iterator>
#include <random>
#include <set>

using namespace wxlogind::test;

namespace {

// In the order of their names, so that the mutations are the same everywhere.
std::set<std::filesystem::path> corpus_files() {
    const char* const source = std::getenv("WXLOGIND_SOURCE_DIR"); // set by ctest
    const std::filesystem::path root{source == nullptr ? "." : source};
    std::set<std::filesystem::path> files;
    for (const auto& entry : std::filesystem::directory_iterator{root / "tests/fuzz/corpus/http_reader"})
        files.insert(entry.path());
    return files;
}

class mutations {
public:
    std::string of(std::string bytes) {
        for (std::size_t count = 1 + below(4); count > 0; --count) change(bytes);
        return bytes;
    }

private:
    std::size_t below(std::size_t limit) { return limit == 0 ? 0 : random_() % limit; }

    void change(std::string& bytes) {
        static const std::vector<std::string> pieces{
            "\r\n",
            "\n",
            "\r",
            "\r\n\r\n",
            " ",
            "\t",
            ":",
            ",",
            std::string(1, '\0'),
            "\x80",
            "Host: h\r\n",
            "Content-Length: 5\r\n",
            "Transfer-Encoding: chunked\r\n",
            "Expect: 100-continue\r\n",
            "HTTP/1.0",
            "HTTP/1.1",
            "POST ",
            "*",
            "#",
            "0\r\n\r\n",
            "_",
            std::string(300, 'a')};
        const std::size_t place = below(bytes.size() + 1);
        switch (below(5)) {
        case 0:
            if (place < bytes.size()) bytes[place] = static_cast<char>(random_());
            break;
        case 1: bytes.insert(place, pieces[below(pieces.size())]); break;
        case 2: bytes.erase(place, 1 + below(8)); break;
        case 3: bytes.insert(place, bytes.substr(below(bytes.size() + 1), below(40))); break;
        default:
            if (place < bytes.size()) bytes[place] = static_cast<char>(bytes[place] ^ (1 << below(8)));
            break;
        }
    }

    std::mt19937 random_{20'11'2022}; // the same mutations in every run // NOLINT(cert-msc51-cpp)
};

} // namespace

BOOST_AUTO_TEST_SUITE(http_reader_corpus)

BOOST_AUTO_TEST_CASE(what_has_to_hold_holds_for_the_corpus) {
    const auto files = corpus_files();
    BOOST_TEST(files.size() >= 20u);
    for (const auto& file : files) BOOST_TEST_CONTEXT(file.filename()) {
            BOOST_CHECK_NO_THROW(check_reader(content_of(file)));
        }
}

BOOST_AUTO_TEST_CASE(what_has_to_hold_holds_for_mutations_of_the_corpus) {
    mutations random;
    for (const auto& file : corpus_files()) {
        const std::string seed = content_of(file);
        for (int i = 0; i < 500; ++i) {
            const std::string mutated = random.of(seed);
            BOOST_TEST_CONTEXT(file.filename() << ", mutation " << i) {
                BOOST_CHECK_NO_THROW(check_reader(mutated));
            }
        }
    }
}

BOOST_AUTO_TEST_SUITE_END()
