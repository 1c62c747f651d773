// Files that hold one key. A key file is read, or made on first start so that only its owner can read it; an existing
// file or symbolic link is never written through.
#pragma once

#include <expected>
#include <string>
#include <string_view>

#include "base/random.h"
#include "base/result.h"
#include "base/secret_box.h"
#include "cli/settings.h"

namespace shakehook {

// Returns the file's text without line ends at its end. The error is one line that names the file.
std::expected<std::string, std::string> ReadKeyFile(const std::string& path);

enum class KeyFileMade { kYes, kExists };
// Makes a new file with the text and a line end, whole or not at all, mode 0600.
std::expected<KeyFileMade, std::string> MakeKeyFile(const std::string& path, std::string_view text, Random& random);

// Makes the folder of `path` and those above it, 0700, where they are missing.
std::expected<Done, std::string> MakeFolderOf(const std::string& path);
// Returns "master.key" beside the database.
std::string BesideDatabase(const std::string& database_path, std::string_view name);

// Returns the path of the key that encrypts secrets at rest.
std::string MasterKeyPath(const Settings& settings);
// Makes a file with a new key.
std::expected<KeyFileMade, std::string> MakeMasterKey(const std::string& path, Random& random);
// 32 bytes in base64.
std::expected<SecretBox::Key, std::string> ReadMasterKey(const std::string& path);
// It is made where neither it nor the database exists; a
// database without its key is an error, because a new key could not read it.
std::expected<SecretBox::Key, std::string> ReadOrMakeMasterKey(const std::string& path,
                                                               const std::string& database_path, Random& random);

}  // namespace shakehook
