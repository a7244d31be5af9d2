# What every translation unit is compiled with: wx_options.
#
# The flags have to be the same everywhere, because one precompiled header serves all targets.

option(WXLOGIND_WERROR "Treat warnings as errors" ON)
option(WXLOGIND_COVERAGE "Instrument for llvm-cov" OFF)
option(WXLOGIND_FUZZ "Build the fuzzers, and instrument everything for them; wants WXLOGIND_SANITIZE=address" OFF)
set(WXLOGIND_SANITIZE "" CACHE STRING "Sanitizers, as -fsanitize= takes them")

if(NOT CMAKE_CXX_COMPILER_ID STREQUAL "Clang" OR CMAKE_CXX_COMPILER_VERSION VERSION_LESS 19)
    message(WARNING "wxlogind is built and tested with clang 19; g++ 12 miscompiles coroutines. "
                    "Use: cmake --preset release")
endif()

find_program(WXLOGIND_CCACHE ccache)
if(WXLOGIND_CCACHE)
    # base_dir lets checkouts in different places share the cache; the rest is what ccache asks for with
    # clang's precompiled headers.
    set(CMAKE_CXX_COMPILER_LAUNCHER ${CMAKE_COMMAND} -E env
        CCACHE_BASEDIR=${CMAKE_SOURCE_DIR} CCACHE_NOHASHDIR=1
        CCACHE_SLOPPINESS=pch_defines,time_macros,include_file_mtime,include_file_ctime
        ${WXLOGIND_CCACHE})
endif()

add_library(wx_options INTERFACE)
target_compile_options(wx_options INTERFACE
    -Wall -Wextra -Wpedantic -Wformat=2 -Wconversion -Wsign-conversion -Wshadow -Wnon-virtual-dtor
    -Woverloaded-virtual -Wnull-dereference -Wimplicit-fallthrough -Wswitch
    # Everything ends in executables: one setting, so that libraries and programs share the precompiled header.
    -fPIE
    "SHELL:-Xclang -fno-pch-timestamp"
    # Records file names as the source tree has them, wherever it was checked out.
    -ffile-prefix-map=${CMAKE_SOURCE_DIR}/=)
if(WXLOGIND_WERROR)
    target_compile_options(wx_options INTERFACE -Werror)
endif()
target_include_directories(wx_options INTERFACE ${CMAKE_SOURCE_DIR})
target_link_options(wx_options INTERFACE -fuse-ld=lld-19 -pie)

set(CMAKE_CXX_FLAGS_RELEASE "-O2 -g1 -DNDEBUG")
set(CMAKE_CXX_FLAGS_DEBUG "-O1 -g -fno-omit-frame-pointer")

if(WXLOGIND_FUZZ)
    target_compile_options(wx_options INTERFACE -fsanitize=fuzzer-no-link)
endif()
if(WXLOGIND_SANITIZE)
    target_compile_options(wx_options INTERFACE -fsanitize=${WXLOGIND_SANITIZE} -fno-sanitize-recover=all)
    target_link_options(wx_options INTERFACE -fsanitize=${WXLOGIND_SANITIZE})
elseif(CMAKE_BUILD_TYPE STREQUAL "Release")
    # OpenSSF's hardening guide. Not with sanitizers: they bring their own checks, and _FORTIFY_SOURCE hides
    # calls from them.
    target_compile_options(wx_options INTERFACE
        -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=3 -D_GLIBCXX_ASSERTIONS
        -fstack-clash-protection -fstack-protector-strong -fcf-protection=full
        -ftrivial-auto-var-init=zero -fstrict-flex-arrays=3
        -fno-delete-null-pointer-checks -fno-strict-overflow)
    target_link_options(wx_options INTERFACE -Wl,-z,noexecstack,-z,relro,-z,now -Wl,--as-needed)
endif()

if(WXLOGIND_COVERAGE)
    target_compile_options(wx_options INTERFACE -fprofile-instr-generate -fcoverage-mapping)
    target_link_options(wx_options INTERFACE -fprofile-instr-generate)
endif()
