// How keys of other services than Functions are sent and kept, row by row; and whose they are.
#include "scanner/context_credential.h"

#include "tests/scanner/context_cases.h"

namespace assay {
namespace {

using namespace context_cases;

TEST(Credential, ReadsHeadersAndTheirAddress) {
  const Facts search = {
      .host = "contoso.search.windows.net", .app = "contoso", .carrier = "header"};
  const Facts openai = {.host = "contoso.openai.azure.com", .app = "contoso", .carrier = "header"};
  const Facts management = {.host = "contoso.azure-api.net", .app = "contoso", .carrier = "header"};
  check({
      {"curl", "azure-search",
       "curl -H 'api-key: KEY!' 'https://contoso.search.windows.net/indexes?api-version=1'",
       search},
      {"message", "azure-search",
       "GET /indexes?api-version=2024 HTTP/1.1\nHost: contoso.search.windows.net\napi-key: KEY!\n",
       search},
      {"message, host behind", "azure-search",
       "GET /indexes HTTP/1.1\r\napi-key: KEY!\r\nHost: contoso.search.windows.net\r\n\r\n",
       search},
      {"object", "azure-ai-services",
       R"({"url":"https://contoso.openai.azure.com/openai","headers":{"api-key":"KEY!"}})", openai},
      {"postman", "azure-ai-services",
       R"({"header":[{"key":"api-key","value":"KEY!"}],"url":"https://contoso.openai.azure.com/o"})",
       openai},
      {"code", "azure-ai-services",
       "url = \"https://contoso.openai.azure.com/openai\"\nheaders = {\"api-key\": \"KEY!\"}\n",
       openai},
      {"region",
       "azure-ai-services",
       "curl -H \"Ocp-Apim-Subscription-Key: KEY!\" "
       "https://westeurope.api.cognitive.microsoft.com/vision/v3.2/analyze",
       {.host = "westeurope.api.cognitive.microsoft.com", .carrier = "header"}},
      {"api management", "azure-api-management",
       "curl -H \"Ocp-Apim-Subscription-Key: KEY!\" https://contoso.azure-api.net/orders",
       management},
      {"own domain",
       "azure-api-management",
       "curl -H \"Ocp-Apim-Subscription-Key: KEY!\" https://api.contoso.com/orders",
       {.host = "api.contoso.com", .carrier = "header"}},
      {"event grid",
       "azure-event-grid",
       "curl -H 'aeg-sas-key: KEY!' https://orders.westeurope-1.eventgrid.azure.net/api/events",
       {.host = "orders.westeurope-1.eventgrid.azure.net", .app = "orders", .carrier = "header"}},
      {"bearer",
       "github-app-server-token",
       "curl -H \"Authorization: Bearer KEY!\" https://api.github.com/user/repos",
       {.host = "api.github.com", .carrier = "header"}},
      {"query",
       "azure-api-management",
       "https://contoso.azure-api.net/orders?subscription-key=KEY!&x=1",
       {.host = "contoso.azure-api.net", .app = "contoso", .carrier = "query"}},
      {"two addresses",
       "azure-search",
       "api-key: KEY! https://a.search.windows.net https://b.search.windows.net",
       {.carrier = "header"}},
      {"another service's address",
       "azure-search",
       R"({"key":"KEY!","blob":"https://contoso.blob.core.windows.net"})",
       {.carrier = "setting", .store = "key"}},
  });
}

TEST(Credential, ReadsSettings) {
  const Facts env = {.app = "contoso", .carrier = "environment", .store = "AZURE_STORAGE_KEY"};
  const std::string id = "0a1b2c3d-0000-4000-8000-0123456789ab";
  const Facts entra = {.app = id, .carrier = "environment", .store = "AZURE_CLIENT_SECRET"};
  const auto setting = [](std::string app, std::string store, std::string host = {}) {
    return Facts{.host = std::move(host),
                 .app = std::move(app),
                 .carrier = "setting",
                 .store = std::move(store)};
  };
  const std::string search = "contoso.search.windows.net";
  check({
      {"env", "azure-storage", "AZURE_STORAGE_ACCOUNT=contoso\nAZURE_STORAGE_KEY=KEY!\n", env},
      {"env, turned", "azure-storage", "AZURE_STORAGE_KEY=KEY!\nAZURE_STORAGE_ACCOUNT='contoso'\n",
       env},
      {"export", "azure-storage",
       "export AZURE_STORAGE_ACCOUNT=\"contoso\"\nexport AZURE_STORAGE_KEY=\"KEY!\"\n", env},
      {"dockerfile", "azure-storage",
       "ENV AZURE_STORAGE_ACCOUNT=contoso\nENV AZURE_STORAGE_KEY=KEY!\n", env},
      {"powershell", "azure-storage",
       "$env:AZURE_STORAGE_ACCOUNT = 'contoso'\n$env:AZURE_STORAGE_KEY = 'KEY!'\n", env},
      {"kubernetes", "azure-storage",
       "env:\n- name: AZURE_STORAGE_ACCOUNT\n  value: contoso\n- name: AZURE_STORAGE_KEY\n  "
       "value: KEY!\n",
       env},
      {"of two the one with the same beginning", "azure-storage",
       "ORDERS_STORAGE_ACCOUNT=other\nAZURE_STORAGE_ACCOUNT=contoso\n"
       "AZURE_STORAGE_KEY=KEY!\nORDERS_STORAGE_KEY=x\n",
       env},
      {"of two alike none",
       "azure-storage",
       "A_ACCOUNT_NAME=a\nB_ACCOUNT_NAME=b\nAZURE_STORAGE_KEY=KEY!\n",
       {.carrier = "environment", .store = "AZURE_STORAGE_KEY"}},
      {"another paragraph",
       "azure-storage",
       "AZURE_STORAGE_ACCOUNT=contoso\n\nAZURE_STORAGE_KEY=KEY!\n",
       {.carrier = "environment", .store = "AZURE_STORAGE_KEY"}},
      {"json", "azure-storage", R"({"Storage":{"AccountName":"contoso","Key":"KEY!"}})",
       setting("contoso", "Key")},
      {"json, not the neighbour's", "azure-storage",
       R"([{"accountName":"other","key":"x"},{"accountName":"contoso","key":"KEY!"}])",
       setting("contoso", "key")},
      {"json, over lines", "azure-search",
       "{\n  \"endpoint\": \"https://contoso.search.windows.net\",\n  \"adminKey\": \"KEY!\"\n}",
       setting("contoso", "adminKey", search)},
      {"yaml", "azure-search",
       "search:\n  endpoint: https://contoso.search.windows.net\n  key: KEY!",
       setting("contoso", "key", search)},
      {"yaml, items", "azure-storage",
       "- account: other\n  key: x\n- account: contoso\n  key: KEY!\n- account: third\n  key: y\n",
       setting("contoso", "key")},
      {"ini, sections", "azure-storage",
       "[other]\naccount=other\nkey=x\n[orders]\naccount=contoso\nkey=KEY!\n[third]\naccount=z\n",
       setting("contoso", "key")},
      {"xml", "azure-storage",
       "<add key=\"StorageAccountName\" value=\"contoso\"/>\n<add key=\"StorageKey\" "
       "value=\"KEY!\"/>",
       setting("contoso", "StorageKey")},
      {"xml elements", "azure-storage",
       "<AccountName>contoso</AccountName>\n<AccountKey>KEY!</AccountKey>",
       setting("contoso", "AccountKey")},
      {"code",
       "azure-search",
       "client = SearchClient(\n    endpoint=\"https://contoso.search.windows.net\",\n"
       "    credential=AzureKeyCredential(\"KEY!\"))",
       {.host = search, .app = "contoso"}},
      {"sentence",
       "azure-search",
       "the key of contoso.search.windows.net is KEY! now",
       {.host = search, .app = "contoso"}},
      {"batch",
       "azure-batch",
       "AZ_BATCH_ACCOUNT_URL=https://contoso.westeurope.batch.azure.com\nAZ_BATCH_KEY=KEY!\n",
       {.host = "contoso.westeurope.batch.azure.com",
        .app = "contoso",
        .carrier = "environment",
        .store = "AZ_BATCH_KEY"}},
      {"entra", "entra-client-secret",
       "AZURE_TENANT_ID=11112222-0000-4000-8000-0123456789ab\nAZURE_CLIENT_ID=" + id +
           "\nAZURE_CLIENT_SECRET=KEY!\n",
       entra},
      {"entra, terraform", "entra-client-secret",
       "client_id = \"" + id + "\"\nclient_secret = \"KEY!\"\n", setting(id, "client_secret")},
      {"entra, json", "entra-client-secret",
       "{\"appId\": \"" + id + "\", \"displayName\": \"x\", \"password\": \"KEY!\"}",
       setting(id, "password")},
      {"entra, login",
       "entra-client-secret",
       "az login --service-principal -u " + id + " -p KEY! --tenant contoso.example",
       {.app = id, .carrier = "cli"}},
      {"entra, a name is no id",
       "entra-client-secret",
       "AZURE_CLIENT_ID=contoso\nAZURE_CLIENT_SECRET=KEY!\n",
       {.carrier = "environment", .store = "AZURE_CLIENT_SECRET"}},
      {"devops",
       "azure-devops-pat",
       "AZURE_DEVOPS_ORG_URL=https://dev.azure.com/contoso\nAZURE_DEVOPS_EXT_PAT=KEY!\n",
       {.host = "dev.azure.com",
        .app = "contoso",
        .carrier = "environment",
        .store = "AZURE_DEVOPS_EXT_PAT"}},
      {"github-app-server-token",
       "github-app-server-token",
       "env:\n  GITHUB_TOKEN: KEY!\n",
       {.carrier = "environment", .store = "GITHUB_TOKEN"}},
  });
}

TEST(Credential, ReadsUrlsAndToolsConfigurations) {
  const auto registry = [](std::string carrier) {
    return Facts{.host = "contoso.azurecr.io", .app = "contoso", .carrier = std::move(carrier)};
  };
  const std::string_view acr = "azure-container-registry";
  check({
      {"git",
       "github-app-server-token",
       "url = https://x-access-token:KEY!@github.com/contoso/orders.git",
       {.host = "github.com", .app = "contoso", .carrier = "url"}},
      {"git, token alone",
       "github-app-server-token",
       "git clone https://KEY!@github.com/contoso/orders",
       {.host = "github.com", .app = "contoso", .carrier = "url"}},
      {"devops",
       "azure-devops-pat",
       "https://build:KEY!@dev.azure.com/contoso/shop/_git/orders",
       {.host = "dev.azure.com", .app = "contoso", .carrier = "url"}},
      {"devops, older",
       "azure-devops-pat",
       "https://KEY!@contoso.visualstudio.com/_git/orders",
       {.host = "contoso.visualstudio.com", .app = "contoso", .carrier = "url"}},
      {"amqp",
       "azure-service-bus",
       "amqps://send-only:KEY!@contoso.servicebus.windows.net:5671",
       {.host = "contoso.servicebus.windows.net",
        .app = "contoso",
        .key_name = "send-only",
        .carrier = "url"}},
      {"docker login", acr, "docker login contoso.azurecr.io -u contoso -p KEY!", registry("cli")},
      {"docker login, turned", acr, "docker login -u contoso --password KEY! contoso.azurecr.io",
       registry("cli")},
      {"docker login, piped", acr, "echo KEY! | docker login contoso.azurecr.io --password-stdin",
       registry("")},
      {"docker configuration", acr,
       R"({"auths":{"contoso.azurecr.io":{"username":"contoso","password":"KEY!"}}})",
       registry("docker-config")},
      {"docker configuration, a url", acr,
       R"({"auths":{"https://contoso.azurecr.io":{"password":"KEY!","username":"contoso"}}})",
       registry("docker-config")},
      {"docker configuration, two registries", acr,
       R"({"auths":{"b.azurecr.io":{"auth":"x"},"contoso.azurecr.io":{"auth":"KEY!"}}})",
       registry("docker-config")},
      {"decoded auth tells nothing", acr, "contoso:KEY!", {}},
      {"npmrc",
       "npm-access-token",
       "//npm.contoso.com/:_authToken=KEY!\nalways-auth=true\n",
       {.host = "npm.contoso.com", .carrier = "npmrc"}},
      {"npmrc, devops",
       "azure-devops-pat",
       "//feeds.dev.azure.com/contoso/_packaging/orders/npm/:_password=\"KEY!\"",
       {.host = "feeds.dev.azure.com", .app = "contoso", .carrier = "npmrc"}},
      {"npmrc, set",
       "npm-access-token",
       "npm config set //npm.contoso.com/:_authToken KEY!",
       {.host = "npm.contoso.com", .carrier = "npmrc"}},
      {"databricks-token",
       "databricks-token",
       "[DEFAULT]\nhost = https://adb-123.4.azuredatabricks.net\ntoken = KEY!\n",
       {.host = "adb-123.4.azuredatabricks.net",
        .app = "adb-123.4",
        .carrier = "setting",
        .store = "token"}},
      {"az storage",
       "azure-storage",
       "az storage blob list --account-name contoso -c orders --account-key KEY!",
       {.app = "contoso", .carrier = "cli"}},
      {"az keyvault",
       "azure-storage",
       "az keyvault secret set --vault-name kv -n storage-key --value KEY!",
       {.carrier = "key-vault", .store = "storage-key"}},
      {"mount",
       "azure-storage",
       "mount -t cifs //contoso.file.core.windows.net/share /mnt -o username=contoso,password=KEY!",
       {.host = "contoso.file.core.windows.net",
        .app = "contoso",
        .carrier = "setting",
        .store = "password"}},
  });
}

TEST(Credential, ReadsCommandsOnKeysAndIds) {
  const auto cli = [](std::string key_name, std::string store = {}) {
    return Facts{.app = "contoso",
                 .key_name = std::move(key_name),
                 .carrier = "cli",
                 .store = std::move(store),
                 .resource_group = "rg-orders"};
  };
  const std::string id =
      "/subscriptions/0a1b2c3d-0000-4000-8000-0123456789ab/resourceGroups/rg-orders/providers/"
      "Microsoft.Storage/storageAccounts/contoso";
  const Facts known = {
      .app = "contoso", .carrier = "setting", .store = "key", .resource_group = "rg-orders"};
  check({
      {"storage keys", "azure-storage",
       "$ az storage account keys list -g rg-orders -n contoso\n[\n  {\n    \"keyName\": "
       "\"key1\",\n    \"value\": \"KEY!\"\n  }\n]\n",
       cli("key1")},
      {"a value alone", "azure-storage",
       "$ az storage account keys list --resource-group rg-orders --account-name contoso --query "
       "[0].value -o tsv\nKEY!\n",
       cli("")},
      {"rule of a namespace", "azure-service-bus",
       "az servicebus namespace authorization-rule keys list -g rg-orders --namespace-name contoso "
       "-n send-only\n{\n  \"primaryKey\": \"KEY!\"\n}",
       cli("send-only")},
      {"device", "azure-iot",
       "az iot hub device-identity connection-string show --hub-name contoso -g rg-orders "
       "--device-id pump-7 --query x\nKEY!\n",
       cli("pump-7")},
      {"connection string",
       "azure-storage",
       "az storage account show-connection-string -g rg-orders -n contoso\n"
       "{\n  \"connectionString\": \"AccountKey=KEY!;EndpointSuffix=core.windows.net\"\n}",
       {.app = "contoso",
        .carrier = "connection-string",
        .store = "connectionString",
        .resource_group = "rg-orders"}},
      {"id", "azure-storage", "{\"id\":\"" + id + "\",\"key\":\"KEY!\"}", known},
      {"id of its keys", "azure-storage",
       "{\"url\":\"https://management.azure.com" + id +
           "/listKeys?api-version=1\",\"key\":\"KEY!\"}",
       known},
      {"id of another service",
       "azure-search",
       "{\"id\":\"" + id + "\",\"key\":\"KEY!\"}",
       {.carrier = "setting", .store = "key"}},
      {"rule's id",
       "azure-event-hub",
       "{\"id\":\"/subscriptions/x/resourceGroups/rg-orders/providers/Microsoft.EventHub/"
       "namespaces/contoso/authorizationRules/send-only\",\"key\":\"KEY!\"}",
       {.app = "contoso",
        .key_name = "send-only",
        .carrier = "setting",
        .store = "key",
        .resource_group = "rg-orders"}},
  });
}

}  // namespace
}  // namespace assay
