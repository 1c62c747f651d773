#include "net/server_certificate.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <openssl/pem.h>

#include <filesystem>

#include "net/tls_client_fixture.h"

namespace shakehook {
namespace {

using testing::StartsWith;
using Of = ServerCertificate::Failure::Of;

class ServerCertificateTest : public testing::Test {
 protected:
  // "certificate: reason" or "key: reason", with the folder's name as DIR.
  std::string Failure() const {
    const auto loaded = ServerCertificate::Load(files_.files);
    if (loaded) return "none";
    std::string reason = loaded.error().reason;
    const std::string folder = files_.folder.path().string();
    for (std::size_t at; (at = reason.find(folder)) != std::string::npos;) reason.replace(at, folder.size(), "DIR");
    return (loaded.error().of == Of::kKey ? "key: " : "certificate: ") + reason;
  }

  const CertificateAuthority authority_{"Test Authority"};
  const TlsIdentity identity_ = authority_.Issue({.names = {"hooks.example", "127.0.0.1"}, .valid_to_days = 30});
  CertificateFiles files_{identity_};
};

TEST_F(ServerCertificateTest, KnowsItsEndAndItsNames) {
  const auto certificate = files_.Load();
  const auto days = (certificate->expires_at() - SystemClock().Now()) / std::chrono::hours(24);
  EXPECT_TRUE(days == 29 || days == 30) << days;
  EXPECT_TRUE(certificate->Covers("hooks.example"));
  EXPECT_TRUE(certificate->Covers("127.0.0.1"));
  EXPECT_FALSE(certificate->Covers("other.example"));
  EXPECT_FALSE(certificate->Covers("127.0.0.2"));
}

TEST_F(ServerCertificateTest, EndsWithTheFirstOfItsChain) {
  const TlsIdentity between = authority_.Issue({.names = {"between"}, .valid_to_days = 3});
  CertificateFiles::Write(files_.files.certificate, identity_.certificate + between.certificate);
  EXPECT_LT(files_.Load()->expires_at() - SystemClock().Now(), std::chrono::days(4));
}

TEST_F(ServerCertificateTest, NamesTheFileThatIsMissingOrNoFile) {
  std::filesystem::remove(files_.files.key);
  EXPECT_EQ(Failure(), "key: cannot read DIR/server.key: No such file or directory");
  std::filesystem::create_directory(files_.files.key);
  EXPECT_EQ(Failure(), "key: cannot read DIR/server.key: Is a directory");
  std::filesystem::remove(files_.files.certificate);
  EXPECT_EQ(Failure(), "certificate: cannot read DIR/server.pem: No such file or directory");
}

TEST_F(ServerCertificateTest, RefusesFilesWithOtherContents) {
  CertificateFiles::Write(files_.files.certificate, identity_.key);
  EXPECT_EQ(Failure(), "certificate: DIR/server.pem holds no certificate in PEM form");
  CertificateFiles::Write(files_.files.certificate, "");
  EXPECT_EQ(Failure(), "certificate: DIR/server.pem holds no certificate in PEM form");
  CertificateFiles::Write(files_.files.certificate, identity_.certificate + identity_.certificate.substr(0, 200));
  EXPECT_THAT(Failure(), StartsWith("certificate: a certificate in DIR/server.pem cannot be read"));
  CertificateFiles::Write(files_.files.certificate, std::string(2 * 1024 * 1024, 'x'));
  EXPECT_EQ(Failure(), "certificate: DIR/server.pem is larger than 1 MiB");
  CertificateFiles::Write(files_.files.certificate, identity_.certificate);
  CertificateFiles::Write(files_.files.key, identity_.certificate);
  EXPECT_EQ(Failure(), "key: DIR/server.key holds no private key in PEM form");
}

TEST_F(ServerCertificateTest, RefusesTheKeyOfAnotherCertificate) {
  CertificateFiles::Write(files_.files.key, authority_.Issue({.names = {"hooks.example"}}).key);
  EXPECT_EQ(Failure(), "key: the key in DIR/server.key does not belong to the certificate in DIR/server.pem");
}

TEST_F(ServerCertificateTest, AsksNobodyForAPassphrase) {
  const std::unique_ptr<BIO, int (*)(BIO*)> memory(BIO_new(BIO_s_mem()), BIO_free);
  const std::unique_ptr<EVP_PKEY, void (*)(EVP_PKEY*)> key(EVP_EC_gen("P-256"), EVP_PKEY_free);
  PEM_write_bio_PKCS8PrivateKey(memory.get(), key.get(), EVP_aes_256_cbc(), "secret", 6, nullptr, nullptr);
  char* bytes = nullptr;
  const long size = BIO_get_mem_data(memory.get(), &bytes);
  CertificateFiles::Write(files_.files.key, std::string(bytes, static_cast<std::size_t>(size)));
  EXPECT_EQ(Failure(), "key: the key in DIR/server.key is encrypted: it must be without a passphrase");
}

}  // namespace
}  // namespace shakehook
