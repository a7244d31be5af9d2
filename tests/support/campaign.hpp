// How much of a random test: little in every run, more where the environment asks for it.
#pragma once

#include <cstdlib>

namespace wxlogind::test {

// The number in the environment variable `name`.
inline unsigned long from_environment(const char* name, unsigned long otherwise) {
    const char* const text = std::getenv(name); // NOLINT(concurrency-mt-unsafe): nobody sets it
    return text == nullptr ? otherwise : std::strtoul(text, nullptr, 10);
}

} // namespace wxlogind::test
