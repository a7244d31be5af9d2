// Looks for many secrets at once, in all the forms in which bytes get somewhere by mistake.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace wxlogind::test {

// Forms shorter than this are not looked for: they are met by chance.
inline constexpr std::size_t least_secret = 8;

// One thread.
class secret_search {
public:
    // `what`: for the report, a literal. The same secret may be added again.
    void add(std::string_view what, std::string_view secret);
    [[nodiscard]] std::size_t size() const noexcept { return secrets_.size(); }

    // One line for each secret that is there: what it is, in which form, and what stands before it. Reads the
    // text once, some 2 ns a byte, however many secrets there are.
    [[nodiscard]] std::vector<std::string> find_in(std::string_view text);

private:
    struct form {
        std::uint64_t tail; // its last eight bytes
        std::uint32_t secret;
        std::string text;
    };

    void index();
    [[nodiscard]] std::size_t slot_of(std::uint64_t tail) const noexcept;

    std::vector<std::pair<std::string_view, std::string>> secrets_;
    std::vector<form> forms_; // by tail, once indexed
    std::vector<bool> tails_; // by a hash: whether any form may end so
    std::size_t indexed_{0};  // secrets whose forms are in `forms_`
};

} // namespace wxlogind::test
