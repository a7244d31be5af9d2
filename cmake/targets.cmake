# wx_library(NAME SOURCES ... LINK ...)   a static library of the product
# wx_program(NAME SOURCES ... LINK ...)   an executable
# wx_test(NAME SOURCES ... LINK ... [LABELS ...] [TIMEOUT s])
#     one Boost.Test executable; every NAME_test.cpp holds the suite NAME, which is one ctest entry.
# All share the flags of wx_options and the precompiled header of wx_boost.

function(wx_common target)
    target_link_libraries(${target} PUBLIC wx_options wx_boost)
    target_precompile_headers(${target} REUSE_FROM wx_boost)
endfunction()

function(wx_library name)
    cmake_parse_arguments(arg "" "" "SOURCES;LINK" ${ARGN})
    add_library(${name} STATIC ${arg_SOURCES})
    wx_common(${name})
    target_link_libraries(${name} PUBLIC ${arg_LINK})
endfunction()

function(wx_program name)
    cmake_parse_arguments(arg "" "" "SOURCES;LINK" ${ARGN})
    add_executable(${name} ${arg_SOURCES})
    wx_common(${name})
    target_link_libraries(${name} PUBLIC ${arg_LINK})
endfunction()

function(wx_test name)
    cmake_parse_arguments(arg "" "TIMEOUT" "SOURCES;LINK;LABELS;DEPENDS" ${ARGN})
    if(NOT arg_TIMEOUT)
        set(arg_TIMEOUT 120)
    endif()
    add_executable(test_${name} ${arg_SOURCES})
    wx_common(test_${name})
    target_link_libraries(test_${name} PRIVATE ${arg_LINK} wx_test_main)
    if(arg_DEPENDS)
        add_dependencies(test_${name} ${arg_DEPENDS})
    endif()
    foreach(source IN LISTS arg_SOURCES)
        if(source MATCHES "([a-z0-9_]+)_test\\.cpp$")
            set(suite ${CMAKE_MATCH_1})
            add_test(NAME ${name}.${suite}
                     COMMAND test_${name} --run_test=${suite} --color_output=no --log_level=test_suite)
            set_tests_properties(${name}.${suite} PROPERTIES
                TIMEOUT ${arg_TIMEOUT} LABELS "${name};${arg_LABELS}"
                ENVIRONMENT "WXLOGIND_BIN_DIR=${CMAKE_BINARY_DIR}/bin;WXLOGIND_SOURCE_DIR=${CMAKE_SOURCE_DIR};${WXLOGIND_TEST_ENVIRONMENT}")
        endif()
    endforeach()
endfunction()

# Sanitizers stop at the first finding and say where.
if(WXLOGIND_SANITIZE MATCHES "address")
    set(WXLOGIND_TEST_ENVIRONMENT
        "ASAN_OPTIONS=detect_stack_use_after_return=1:strict_string_checks=1:detect_leaks=1"
        "UBSAN_OPTIONS=print_stacktrace=1")
elseif(WXLOGIND_SANITIZE MATCHES "thread")
    set(WXLOGIND_TEST_ENVIRONMENT
        "TSAN_OPTIONS=halt_on_error=1:second_deadlock_stack=1")
endif()
