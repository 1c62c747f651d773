#include "cli/bootstrap_key.h"

#include <array>
#include <filesystem>

#include "base/encoding.h"
#include "cli/key_file.h"

namespace shakehook {
namespace {

constexpr std::size_t kKeyBytes = 32;
constexpr std::size_t kPrefixBytes = 12;  // enough to recognise a key by, far too little to guess it

std::expected<BootstrapKey, std::string> FromFile(const std::string& path, BootstrapKey::Origin origin) {
  auto key = ReadKeyFile(path);
  if (!key) return std::unexpected(key.error());
  if (const auto checked = CheckAdminKey(*key); !checked) return std::unexpected(path + ": " + checked.error());
  return BootstrapKey{origin, std::move(*key), path};
}

bool OpensAll(const ApiKey& key) {
  return key.scope == Scope::All() && key.rights.Has(Right::kManage) && !key.expires_at;
}

}  // namespace

std::expected<BootstrapKey, std::string> FindBootstrapKey(const Settings& settings, const ConfigCache& config_cache,
                                                          Random& random) {
  using Origin = BootstrapKey::Origin;
  if (settings.admin_key) return BootstrapKey{Origin::kGiven, *settings.admin_key, {}};
  if (settings.admin_key_file) return FromFile(*settings.admin_key_file, Origin::kGiven);

  const std::string path = BesideDatabase(settings.database_path, "admin.key");
  std::error_code ignored;
  if (std::filesystem::exists(std::filesystem::symlink_status(path, ignored))) return FromFile(path, Origin::kFile);
  if (config_cache.FindApiKey(kBootstrapKeyId)) return BootstrapKey{Origin::kStored, {}, {}};

  std::array<std::uint8_t, kKeyBytes> bytes;
  random.Fill(bytes);
  BootstrapKey made{Origin::kMade, "shk_" + ToBase64Url(bytes), path};
  const auto file = MakeKeyFile(path, made.key, random);
  if (!file) return std::unexpected(file.error());
  if (*file == KeyFileMade::kExists) return FromFile(path, Origin::kFile);
  return made;
}

Async<std::expected<Done, std::string>> SaveBootstrapKey(Store& store, BootstrapKey key, Timestamp now) {
  if (key.origin == BootstrapKey::Origin::kStored) co_return Done{};
  const Digest hash = Sha256(key.key);
  if (const auto same = store.config_cache().FindApiKeyByHash(hash)) {
    if (OpensAll(*same)) co_return Done{};
    co_return std::unexpected("the admin key is in use already, as the API key \"" + same->name +
                              "\", which does not open everything; choose another");
  }
  ApiKey saved{.id = kBootstrapKeyId, .name = "bootstrap", .scope = Scope::All(), .hash = hash, .created_at = now};
  saved.rights.Add(Right::kManage);
  if (key.origin != BootstrapKey::Origin::kGiven) saved.prefix = key.key.substr(0, kPrefixBytes);
  const auto before = store.config_cache().FindApiKey(saved.id);
  const ConfigChange change{ConfigChange::Put<ApiKey>{std::move(saved), before ? before->version : 0}};
  const auto stored = co_await store.SaveConfig(change, std::nullopt);
  if (!stored) co_return std::unexpected("cannot store the admin key: " + stored.error().detail);
  co_return Done{};
}

}  // namespace shakehook
