# The libraries we stand on, all from Debian 12. Boost (but for Boost.Test), fmt, spdlog, toml++ and CLI11 are
# compiled in, so that the programs need only libc, libstdc++ and the shared libraries named here.

find_package(PkgConfig REQUIRED)
find_package(Threads REQUIRED)
find_package(OpenSSL 3.0 REQUIRED)
find_package(Boost 1.81 REQUIRED)
pkg_check_modules(sqlite3 REQUIRED IMPORTED_TARGET sqlite3>=3.40)
pkg_check_modules(cares REQUIRED IMPORTED_TARGET libcares)
# Debian has it as an archive too: one shared library less to be found on another machine.
find_library(WXLOGIND_CARES_ARCHIVE libcares.a)
if(WXLOGIND_CARES_ARCHIVE)
    set_property(TARGET PkgConfig::cares PROPERTY INTERFACE_LINK_LIBRARIES ${WXLOGIND_CARES_ARCHIVE})
endif()
# Its types only, which are headers: Debian has the library as a shared one (core/base/metrics/text.hpp).
find_path(WXLOGIND_PROMETHEUS_INCLUDE_DIR prometheus/metric_family.h REQUIRED)
find_library(WXLOGIND_PROMETHEUS_LIBRARY prometheus-cpp-core REQUIRED) # for a test alone
pkg_check_modules(systemd REQUIRED IMPORTED_TARGET libsystemd)

# Asio, Beast, JSON and URL, compiled once. The definitions change the layout of Boost's types, so they are
# PUBLIC: the same in every translation unit of the program.
add_library(wx_boost STATIC ${CMAKE_SOURCE_DIR}/cmake/boost_units/asio.cpp
                            ${CMAKE_SOURCE_DIR}/cmake/boost_units/beast.cpp
                            ${CMAKE_SOURCE_DIR}/cmake/boost_units/json.cpp
                            ${CMAKE_SOURCE_DIR}/cmake/boost_units/url.cpp)
target_compile_definitions(wx_boost PUBLIC
    BOOST_ALL_NO_LIB
    BOOST_ERROR_CODE_HEADER_ONLY
    BOOST_ASIO_SEPARATE_COMPILATION
    BOOST_ASIO_NO_DEPRECATED
    # Coroutine frames kept for reuse per thread; the default of 2 is exceeded by a chain four calls deep.
    BOOST_ASIO_RECYCLING_ALLOCATOR_CACHE_SIZE=16
    BOOST_BEAST_SEPARATE_COMPILATION
    BOOST_JSON_NO_LIB
    BOOST_URL_NO_LIB
    # spdlog and fmt as headers: Debian ships them as shared libraries only, and we want one file to copy.
    SPDLOG_HEADER_ONLY
    SPDLOG_FMT_EXTERNAL
    FMT_HEADER_ONLY)
target_include_directories(wx_boost SYSTEM PUBLIC ${Boost_INCLUDE_DIRS})
target_link_libraries(wx_boost PUBLIC wx_options OpenSSL::SSL OpenSSL::Crypto Threads::Threads)
target_precompile_headers(wx_boost PRIVATE ${CMAKE_SOURCE_DIR}/cmake/boost_units/precompiled.hpp)
# Boost's own sources are not ours to warn about.
target_compile_options(wx_boost PRIVATE -Wno-everything)

# wx_allocator: the programs' malloc. jemalloc, linked in: a login frees coroutine frames and buffers of sizes
# for which glibc's malloc merges and splits chunks each time; with jemalloc the server takes about
# a fifth less user CPU. Sanitizers bring an allocator of their own.
option(WXLOGIND_LIBC_MALLOC "The C library's malloc instead: its calls can be counted (bench/load)" OFF)
add_library(wx_allocator INTERFACE)
if(NOT WXLOGIND_SANITIZE AND NOT WXLOGIND_LIBC_MALLOC)
    find_library(WXLOGIND_JEMALLOC libjemalloc_pic.a REQUIRED)
    target_link_libraries(wx_allocator INTERFACE ${WXLOGIND_JEMALLOC} m)
endif()
