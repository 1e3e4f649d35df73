// Postman, notebooks, Terraform, files of secrets and settings.
#include "tests/scanner/records/json_samples.h"

namespace assay::json_test {
namespace {

std::vector<Sample> postman_samples() {
  return {
      {"a collection",
       "orders.postman_collection.json",
       R"j({"info":{"_postman_id":"p1","name":"Orders","schema":"https://schema.getpostman.com/json/collection/v2.1.0/collection.json"},
          "item":[{"name":"Refunds","item":[{"name":"Create","request":{"method":"POST","url":{
            "raw":"https://a/api/F?code={key:function:a}","query":[{"key":"code","value":"{key:function:a}"}]}}},
            {"id":"b1","name":"List","event":[{"listen":"test","script":{"exec":["// {key:master}"]}}]}]}],
          "variable":[{"key":"code","value":"{key:system}"}]})j",
       {"postman | Orders | Refunds/Create", "postman | Orders | Refunds/Create",
        "postman | Orders | b1", "postman | Orders | code"}},
      {"an environment",
       "staging.postman_environment.json",
       R"j({"id":"e","name":"staging","values":[{"key":"x","value":""},{"key":"fn_code","value":"{key:master}"}],
          "_postman_variable_scope":"environment","_postman_exported_at":"2025-11-02T08:00:00.000Z"})j",
       {"postman | staging | fn_code"}},
  };
}

std::vector<Sample> notebook_samples() {
  return {
      {"a notebook",
       "work/triage.ipynb",
       R"j({"cells":[{"cell_type":"markdown","metadata":{},"source":["hi\n","{key:master}"]},
          {"cell_type":"code","id":"a1b2","metadata":{},"source":[],"outputs":[{"output_type":"stream",
          "text":["{key:function}\n"]}]}],"metadata":{},"nbformat":4,"nbformat_minor":5})j",
       {"notebook | triage.ipynb | cells[0]", "notebook | triage.ipynb | a1b2"}},
  };
}

std::vector<Sample> terraform_samples() {
  return {
      {"a state",
       "terraform.tfstate",
       R"j({"version":4,"terraform_version":"1.9.0","serial":7,"lineage":"l-1",
          "outputs":{"url":{"value":"https://x/?code={key:function:a}","type":"string","sensitive":true}},
          "resources":[{"module":"module.api","mode":"data","type":"azurerm_function_app_host_keys","name":"keys",
            "instances":[{"index_key":"eu","attributes":{"primary_key":"{key:master}"}},
                         {"index_key":0,"attributes":{"default_function_key":"{key:function:a}"}}]},
           {"mode":"managed","type":"azurerm_app_service","name":"web",
            "instances":[{"attributes":{"app_settings":{"K":"{key:system}"}}}]}]})j",
       {"terraform | l-1 | output.url",
        "terraform | l-1 | module.api.data.azurerm_function_app_host_keys.keys[\"eu\"]",
        "terraform | l-1 | module.api.data.azurerm_function_app_host_keys.keys[0]",
        "terraform | l-1 | azurerm_app_service.web"}},
      {"show -json",
       "state.json",
       R"j({"format_version":"1.0","terraform_version":"1.9.0","values":{"outputs":{"u":{"value":"{key:system}"}},
          "root_module":{"resources":[{"address":"azurerm_app_service.web","values":{"k":"{key:master}"}}],
          "child_modules":[{"address":"module.a","resources":[{"address":"module.a.x.y","values":{"k":"{key:function}"}}]}]}}})j",
       {"terraform |  | output.u", "terraform |  | azurerm_app_service.web",
        "terraform |  | module.a.x.y"}},
  };
}

std::vector<Sample> functions_samples() {
  return {
      {"the host's secrets",
       "secrets/orders/host.json",
       R"j({"masterKey":{"name":"master","value":"{key:master}","encrypted":false},
          "functionKeys":[{"name":"default","value":"{key:function}","encrypted":false}],
          "systemKeys":[{"name":"durabletask_extension","value":"{key:system}","encrypted":false}],
          "hostName":"orders.azurewebsites.net","instanceId":"x","source":"runtime"})j",
       {"functions-secrets | orders.azurewebsites.net | master",
        "functions-secrets | orders.azurewebsites.net | default",
        "functions-secrets | orders.azurewebsites.net | durabletask_extension"}},
      {"a function's secrets",
       "secrets/orders/Refund.snapshot.2025.json",
       R"j({"keys":[{"name":"default","value":"{key:function}","encrypted":false}]})j",
       {"functions-secrets |  | default |  |  |  | Refund"}},
      {"local settings with comments",
       "app/local.settings.json",
       R"j({
  // "Old": "https://x/?code={key:system}",
  "IsEncrypted": false, /* "Values": { */
  "Values": {
    "UPSTREAM_KEY": "{key:function}" // "quoted
  },
  "ConnectionStrings": {"Db": {"ConnectionString": "{key:master}"}}
})j",
       {"", "local-settings |  | UPSTREAM_KEY", "local-settings |  | Db"}},
  };
}

}  // namespace

std::vector<Sample> config_samples() {
  std::vector<Sample> all;
  for (auto* samples : {postman_samples, notebook_samples, terraform_samples, functions_samples}) {
    for (Sample& sample : samples()) all.push_back(std::move(sample));
  }
  return all;
}

TEST(Postman, TellsTheItem) { expect_records(postman_samples()); }
TEST(Notebook, TellsTheCell) { expect_records(notebook_samples()); }
TEST(Terraform, TellsTheAddress) { expect_records(terraform_samples()); }
TEST(FunctionsSecrets, TellsTheNameOfTheKey) { expect_records(functions_samples()); }

}  // namespace assay::json_test
