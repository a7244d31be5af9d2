# The Debian package: cpack --config build/release/CPackConfig.cmake -G DEB

set(package_dir ${CMAKE_BINARY_DIR}/package)
set(etc_dir ${CMAKE_SOURCE_DIR}/etc)

# Manual pages, completion, changelog: from their sources and from what the programs say of themselves.
find_program(WXLOGIND_SCDOC scdoc)
if(NOT WXLOGIND_SCDOC)
    message(STATUS "scdoc is not there: no manual pages, no package")
    return()
endif()
set(packaged_programs wxlogind wechat-sim wxlogin-bench)
file(GLOB page_sources CONFIGURE_DEPENDS ${etc_dir}/man/*)
add_custom_command(
    OUTPUT ${package_dir}/wxlogind.toml
    COMMAND ${etc_dir}/man/make-pages ${CMAKE_RUNTIME_OUTPUT_DIRECTORY} ${package_dir} ${PROJECT_VERSION}
    DEPENDS ${packaged_programs} ${page_sources} ${etc_dir}/wxlogind.toml ${CMAKE_SOURCE_DIR}/CHANGELOG.md
    COMMENT "Manual pages and completion"
    VERBATIM)
add_custom_target(package_texts ALL DEPENDS ${package_dir}/wxlogind.toml)

install(TARGETS wxlogind wechat-sim wxlogin-bench DESTINATION bin)
install(DIRECTORY ${package_dir}/man/ DESTINATION share/man)
install(DIRECTORY ${package_dir}/completions/bash/ DESTINATION share/bash-completion/completions)
install(DIRECTORY ${package_dir}/completions/zsh/ DESTINATION share/zsh/vendor-completions)
install(DIRECTORY ${package_dir}/completions/fish/ DESTINATION share/fish/vendor_completions.d)
install(FILES ${package_dir}/changelog.Debian.gz ${package_dir}/changelog.gz DESTINATION share/doc/wxlogind)
install(FILES ${etc_dir}/debian/copyright README.md README.zh-CN.md etc/openapi.yaml DESTINATION share/doc/wxlogind)
install(DIRECTORY docs/ DESTINATION share/doc/wxlogind/docs FILES_MATCHING PATTERN "*.md")
install(DIRECTORY ${etc_dir}/nginx ${etc_dir}/haproxy ${etc_dir}/caddy ${etc_dir}/apache ${etc_dir}/prometheus
                  ${etc_dir}/grafana
        DESTINATION share/doc/wxlogind/examples)
install(FILES ${etc_dir}/systemd/wxlogind.service ${etc_dir}/systemd/wxlogind.socket
              ${etc_dir}/systemd/wxlogind-internal.socket
        DESTINATION /lib/systemd/system)
install(FILES ${etc_dir}/systemd/wxlogind.sysusers DESTINATION lib/sysusers.d RENAME wxlogind.conf)
install(FILES ${etc_dir}/systemd/wxlogind.tmpfiles DESTINATION lib/tmpfiles.d RENAME wxlogind.conf)
install(FILES ${etc_dir}/debian/lintian-overrides DESTINATION share/lintian/overrides RENAME wxlogind)
install(FILES ${package_dir}/wxlogind.toml DESTINATION /etc/wxlogind
        PERMISSIONS OWNER_READ OWNER_WRITE GROUP_READ WORLD_READ)

set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME wxlogind)
set(CPACK_PACKAGE_VENDOR wxlogind)
set(CPACK_PACKAGE_CONTACT "wxlogind maintainers <maintainers@users.noreply.github.com>")
set(CPACK_PACKAGE_VERSION ${PROJECT_VERSION})
set(CPACK_PACKAGE_DIRECTORY ${CMAKE_BINARY_DIR})
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_SET_DESTDIR ON)
set(CPACK_INSTALL_PREFIX /usr)
set(CPACK_STRIP_FILES ON)
set(CPACK_INSTALL_DEFAULT_DIRECTORY_PERMISSIONS
    OWNER_READ OWNER_WRITE OWNER_EXECUTE GROUP_READ GROUP_EXECUTE WORLD_READ WORLD_EXECUTE)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_RELEASE 1)
set(CPACK_DEBIAN_PACKAGE_SECTION net)
set(CPACK_DEBIAN_PACKAGE_PRIORITY optional)
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "login server for WeChat mini programs")
set(CPACK_DEBIAN_PACKAGE_DESCRIPTION
"A mini program sends the code of wx.login; wxlogind exchanges it with WeChat,
keeps the user in a database, and answers with a signed session token that
other services can check by themselves.

With it come wechat-sim, which stands in for WeChat in tests, and
wxlogin-bench, which measures how many logins a server takes.")
# Exactly the libraries that the programs are linked with, at the versions whose symbols they use.
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_DEPENDS "systemd | systemd-standalone-sysusers, ca-certificates, init-system-helpers (>= 1.54)")
set(CPACK_DEBIAN_PACKAGE_SUGGESTS "nginx | haproxy")
set(CPACK_DEBIAN_PACKAGE_CONTROL_EXTRA
    ${etc_dir}/debian/postinst ${etc_dir}/debian/prerm ${etc_dir}/debian/postrm ${etc_dir}/debian/conffiles)
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)
include(CPack)
